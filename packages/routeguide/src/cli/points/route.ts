import { createReadStream } from "node:fs";
import { extname } from "node:path";
import type { Readable } from "node:stream";
import type { Point } from "../../geo/point.js";
import { reasonOf } from "../../node-reason.js";
import { Failure } from "../failure.js";
import { csvReader } from "./csv.js";
import { readNdjson } from "./ndjson.js";
import type { PointReader } from "./point-reader.js";
import type { RouteFormat } from "./route-format.js";

/** Enough of a text to tell its form, even if it has no line breaks. */
const HEAD_CHARACTERS = 4096;
const EXTENSIONS: Readonly<Record<string, RouteFormat>> = {
  ".gpx": "gpx",
  ".csv": "csv",
  ".tsv": "csv",
  ".ndjson": "ndjson",
  ".jsonl": "ndjson",
};

/**
 * Reads the points of a route, as its file is read and no further.
 *
 * @param path the file, or - for what comes on stdin
 * @param format its form. Default: what its name says, or else what its first character says
 * @throws {Failure} if it cannot be read, or holds what is no point
 */
export async function* readRoute(
  path: string,
  stdin: Readable,
  format?: RouteFormat,
): AsyncGenerator<readonly Point[]> {
  const name = path === "-" ? "stdin" : path;
  const source = path === "-" ? stdin : createReadStream(path);
  try {
    const { head, text } = await peek(source.setEncoding("utf8"));
    const read = await readerOf(format ?? EXTENSIONS[extname(path).toLowerCase()] ?? formatOf(head), head);
    yield* read(text);
  } catch (error) {
    if (error instanceof Failure) throw new Failure(`${name}: ${error.message}`);
    if (isSystemError(error)) throw new Failure(`cannot read ${name}: ${reasonOf(error)}`);
    throw error;
  }
}

function formatOf(head: string): RouteFormat {
  // A byte order mark is no part of the text; trim() takes it for white space.
  const first = head.trimStart()[0];
  if (first === "<") return "gpx";
  return first === "{" ? "ndjson" : "csv";
}

async function readerOf(format: RouteFormat, head: string): Promise<PointReader> {
  switch (format) {
    case "gpx":
      return (await import("./gpx.js")).readGpx;
    case "csv":
      return csvReader(head.trimStart().split("\n", 1)[0] ?? "");
    case "ndjson":
      return readNdjson;
  }
}

/** The beginning of a text, up to its first line with something on it, and the whole text. */
async function peek(source: AsyncIterable<string>): Promise<{ head: string; text: AsyncIterable<string> }> {
  const pieces = source[Symbol.asyncIterator]();
  let head = "";
  while (!head.trimStart().includes("\n") && head.length < HEAD_CHARACTERS) {
    const { done, value } = await pieces.next();
    if (done) break;
    head += value;
  }
  return { head, text: resume(head, pieces) };
}

async function* resume(head: string, pieces: AsyncIterator<string>): AsyncGenerator<string> {
  try {
    yield head;
    for (let next = await pieces.next(); !next.done; next = await pieces.next()) yield next.value;
  } finally {
    await pieces.return?.();
  }
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && "syscall" in error;
