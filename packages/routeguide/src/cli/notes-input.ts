import type { Readable } from "node:stream";
import type { Point } from "../geo/point.js";
import { Failure } from "./failure.js";
import { parsePlaceRow } from "./points/json-rows.js";
import { Lines } from "./points/lines.js";

/** A note to send. */
export interface Note {
  readonly location: Point;
  readonly message: string;
}

/**
 * Reads notes as NDJSON: a `message` and a place, in degrees or E7. Empty lines are passed over.
 *
 * @param place where notes are left that name no place
 * @throws {Failure} naming the line of what is no note, or saying that it is not UTF-8: what is left is to be what was written
 */
export async function* readNotes(stdin: Readable, place?: Point): AsyncGenerator<Note> {
  const lines = new Lines();
  for await (const piece of utf8(stdin)) {
    for (const line of lines.push(piece)) if (line.trim() !== "") yield parseNote(line, lines.number, place);
  }
  for (const line of lines.end()) if (line.trim() !== "") yield parseNote(line, lines.number, place);
}

async function* utf8(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for await (const piece of pieces) yield decoder.decode(piece, { stream: true });
    yield decoder.decode();
  } catch (error) {
    throw error instanceof TypeError ? new Failure("stdin: the text is not UTF-8") : error;
  }
}

function parseNote(line: string, lineNumber: number, place?: Point): Note {
  const where = `stdin: line ${lineNumber}`;
  const { point, row } = parsePlaceRow(line, where, place);
  const { message } = row;
  if (typeof message !== "string") throw new Failure(`${where}: no text called message in ${line.slice(0, 80)}`);
  return { location: point, message };
}
