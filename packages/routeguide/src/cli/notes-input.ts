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
 * @throws {Failure} naming the line of what is no note
 */
export async function* readNotes(stdin: Readable, place?: Point): AsyncGenerator<Note> {
  const lines = new Lines();
  for await (const piece of stdin.setEncoding("utf8")) {
    for (const line of lines.push(piece)) if (line.trim() !== "") yield parseNote(line, lines.number, place);
  }
  for (const line of lines.end()) if (line.trim() !== "") yield parseNote(line, lines.number, place);
}

function parseNote(line: string, lineNumber: number, place?: Point): Note {
  const where = `stdin: line ${lineNumber}`;
  const { point, row } = parsePlaceRow(line, where, place);
  const { message } = row;
  if (typeof message !== "string") throw new Failure(`${where}: no text called message in ${line.slice(0, 80)}`);
  return { location: point, message };
}
