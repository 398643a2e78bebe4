import { Invalid } from "../geo/invalid.js";
import { parsePoint } from "../geo/parse-point.js";
import type { Point } from "../geo/point.js";
import { trimPoint } from "./degrees.js";
import type { Note } from "./notes-input.js";

/** What a line means that somebody typed in a chat. */
export type Typed =
  | { readonly note: Note }
  | { readonly place: Point }
  /** Something to tell who typed it. */
  | { readonly answer: string }
  | "quit"
  | "nothing";

export const CHAT_HELP = `Type LATITUDE,LONGITUDE and a message to leave it there.
  /at LATITUDE,LONGITUDE   leave messages that name no place at this one
  /quit                    end the chat, as does Ctrl-D
  /help                    show this
You hear what others leave where you have left something.`;

const PLACE_AND_MESSAGE = /^([+-]?[\d.]+\s*,\s*[+-]?[\d.]+)\s+(\S.*)$/;
const PLACE_ALONE = /^[+-]?[\d.]+\s*,\s*[+-]?[\d.]+$/;

/** @param place where messages are left that name no place; undefined: nowhere yet */
export function parseTyped(line: string, place: Point | undefined): Typed {
  const text = line.trim();
  if (text === "") return "nothing";
  if (text.startsWith("/")) return parseCommand(text);
  const located = PLACE_AND_MESSAGE.exec(text);
  if (located !== null) {
    const [, where = "", message = ""] = located;
    const location = parsePoint(where);
    return location instanceof Invalid ? { answer: location.message } : { note: { location, message } };
  }
  if (PLACE_ALONE.test(text)) return { answer: `And the message? To set a place: /at ${text}` };
  if (place === undefined)
    return { answer: "Where? Type LATITUDE,LONGITUDE in front, or set a place: /at 40.9146,-74.6189" };
  return { note: { location: place, message: text } };
}

function parseCommand(text: string): Typed {
  const [command, ...rest] = text.split(/\s+/);
  switch (command) {
    case "/at": {
      const place = parsePoint(rest.join(" "));
      return place instanceof Invalid ? { answer: place.message } : { place };
    }
    case "/quit":
      return "quit";
    case "/help":
      return { answer: CHAT_HELP };
    default:
      return { answer: `${command} is no command here. /help shows them.` };
  }
}

/** What stands before the line that is being typed. */
export const promptOf = (place: Point | undefined) => (place === undefined ? "> " : `${trimPoint(place)} > `);
