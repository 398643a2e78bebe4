import { createReadStream } from "node:fs";
import { extname } from "node:path";
import type { Readable } from "node:stream";
import type { Point } from "../../geo/point.js";
import { reasonOf } from "../../node-reason.js";
import { Failure } from "../failure.js";
import { csvReader } from "./csv.js";
import { readJson } from "./json.js";
import { readNdjson } from "./ndjson.js";
import type { PointReader } from "./point-reader.js";
import type { RouteFormat } from "./route-format.js";
import { resume, textOf } from "./text.js";

/** Enough of a text to tell its form, even if it has no line breaks. */
const HEAD_CHARACTERS = 4096;
/** JSON's own says too little: there may be a document in such a file, or a row a line. */
const EXTENSIONS: Readonly<Record<string, RouteFormat>> = {
  ".gpx": "gpx",
  ".csv": "csv",
  ".tsv": "csv",
  ".ndjson": "ndjson",
  ".jsonl": "ndjson",
};

/**
 * Reads the points of a route, as its file is read and no further. It may be gzipped.
 *
 * @param path the file, or - for what comes on stdin
 * @param format its form. Default: what its name says, or else what its first line says
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
    const { head, text } = await peek(textOf(source));
    if (head.includes("\0")) throw new Failure("not text in UTF-8");
    const extension = extname(path.replace(/\.gz$/i, "")).toLowerCase();
    const read = await readerOf(format ?? EXTENSIONS[extension] ?? formatOf(head), head);
    yield* read(text);
  } catch (error) {
    if (error instanceof Failure) throw new Failure(`${name}: ${error.message}`);
    if (isReadError(error)) throw new Failure(`cannot read ${name}: ${reasonOf(error)}`);
    throw error;
  }
}

function formatOf(head: string): RouteFormat {
  const first = firstLine(head);
  if (first.startsWith("<")) return "gpx";
  if (!/^[[{]/.test(first)) return "csv";
  // Rows are whole; a document goes on in the next line, or is longer than any row.
  return first.startsWith("{") && isJson(first) ? "ndjson" : "json";
}

async function readerOf(format: RouteFormat, head: string): Promise<PointReader> {
  switch (format) {
    case "gpx":
      return (await import("./gpx.js")).readGpx;
    case "csv":
      return csvReader(firstLine(head));
    case "ndjson":
      return readNdjson;
    case "json":
      return readJson;
  }
}

/** The beginning of a text, up to its first line with something on it, and the whole text. */
async function peek(
  pieces: AsyncGenerator<string, void, undefined>,
): Promise<{ head: string; text: AsyncIterable<string> }> {
  let head = "";
  while (!head.trimStart().includes("\n") && head.length < HEAD_CHARACTERS) {
    const { done, value } = await pieces.next();
    if (done) break;
    head += value;
  }
  return { head, text: resume(head, pieces) };
}

const firstLine = (head: string): string => head.trimStart().split("\n", 1)[0] ?? "";

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Errors of files and of zlib carry a code; a mistake of ours does not. */
const isReadError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "code" in error && typeof error.code === "string";
