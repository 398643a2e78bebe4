import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";

/** The text of a file in UTF-8, gzipped or not, in pieces cut anywhere. A byte order mark is no part of it. */
export async function* textOf(source: Readable): AsyncGenerator<string, void, undefined> {
  const pieces: AsyncIterator<Buffer> = source[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  while (head.length < GZIP.length) {
    const { done, value } = await pieces.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  const bytes = resume(head, pieces);
  const isGzip = head.subarray(0, GZIP.length).equals(GZIP);
  // The callback has nothing to do: an error ends the iteration below.
  const plain: AsyncIterable<Buffer> = isGzip ? pipeline(bytes, createGunzip(), () => {}) : bytes;
  const decoder = new TextDecoder();
  for await (const piece of plain) yield decoder.decode(piece, { stream: true });
  yield decoder.decode();
}

/** Gzip's magic number: RFC 1952, section 2.3.1. */
const GZIP = Buffer.of(0x1f, 0x8b);

/** What was taken from the beginning, and the rest. */
export async function* resume<T>(head: T, pieces: AsyncIterator<T>): AsyncGenerator<T, void, undefined> {
  try {
    yield head;
    for (let next = await pieces.next(); !next.done; next = await pieces.next()) yield next.value;
  } finally {
    await pieces.return?.();
  }
}
