import assert from "node:assert/strict";
import { once } from "node:events";
import http2 from "node:http2";
import { type AddressInfo, createServer, connect as dial, type Socket } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import { HpackDecoder } from "./decoder.js";
import { HpackEncoder } from "./encoder.js";

/** Node's HPACK is nghttp2's. Both directions go over one connection each, so that the tables have a past. */

const ROUNDS = 60;

const names = fc.oneof(
  fc.constantFrom("content-type", "grpc-timeout", "user-agent", "authorization", "x-id", "grpc-trace-bin"),
  fc.stringMatching(/^x-[a-z0-9-]{1,20}$/),
);
/** Octets but for control characters, and no space at the edges: nghttp2 refuses those. */
const values = fc
  .array(fc.oneof(fc.integer({ min: 0x21, max: 0x7e }), fc.integer({ min: 0xa1, max: 0xff })), { maxLength: 60 })
  .map((octets) => String.fromCharCode(...octets));
const requests = fc.sample(fc.dictionary(names, values, { maxKeys: 12, noNullPrototype: true }), {
  numRuns: 12,
  seed: 7541,
});

/** Requests repeat, so that both sides refer to their tables. */
function requestOf(round: number): Record<string, string> {
  return requests[(round * round) % requests.length] as Record<string, string>;
}

test("what Node encodes decodes to the fields that were sent", async (t) => {
  const server = createServer();
  t.after(() => server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  const decoder = new HpackDecoder(4096, { maxListBytes: 65_536, maxFields: 200 });
  const seen: Record<string, string>[] = [];
  const done = new Promise<void>((resolve, reject) => {
    server.once("connection", (socket) => {
      // At the end the client goes without a word.
      socket.on("error", () => {});
      onFrames(socket, 24, (type, flags, stream, payload) => {
        if (type === SETTINGS && (flags & ACK) === 0) socket.write(frame(SETTINGS, ACK, 0, []));
        if (type !== HEADERS) return;
        assert.equal(flags & (END_HEADERS | PADDED | PRIORITY), END_HEADERS);
        const fields = decoder.decode(payload, 0, payload.length);
        if (fields === undefined) return reject(new Error(decoder.error));
        seen.push(record(fields));
        socket.write(frame(HEADERS, END_HEADERS | END_STREAM, stream, [0x88]));
        if (seen.length === ROUNDS) resolve();
      });
      // A table of 256 octets evicts; raising it lets entries stay.
      socket.write(frame(SETTINGS, 0, 0, [0, 1, 0, 0, 1, 0]));
    });
  });
  const client = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  t.after(() => client.destroy());
  for (let round = 0; round < ROUNDS; round++)
    client.request({ ":method": "POST", ":path": "/", ...requestOf(round) }).resume();
  await done;
  for (const [round, fields] of seen.entries()) {
    const { ":method": method, ":path": path, ":scheme": scheme, ":authority": authority, ...regular } = fields;
    assert.deepEqual([method, path, scheme, typeof authority], ["POST", "/", "http", "string"]);
    assert.deepEqual(regular, requestOf(round));
  }
});

test("what we encode reaches Node as it was sent", async (t) => {
  const server = http2.createServer({ settings: { headerTableSize: 1000 } });
  t.after(() => server.close());
  const seen: Record<string, string>[] = [];
  const done = new Promise<void>((resolve, reject) => {
    server.on("session", (session) => session.on("error", reject));
    server.on("stream", (...args: unknown[]) => {
      // The fourth argument holds the fields as they came.
      seen.push(record(args[3] as string[]));
      if (seen.length === ROUNDS) resolve();
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const socket = dial((server.address() as AddressInfo).port, "127.0.0.1");
  t.after(() => socket.destroy());
  socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");
  socket.write(frame(SETTINGS, 0, 0, []));
  const encoder = new HpackEncoder();
  const output = { bytes: new Uint8Array(1 << 16), at: 0, reserve: () => {} };
  onFrames(socket, 0, (type, flags) => {
    if (type !== SETTINGS || (flags & ACK) !== 0) return;
    encoder.setMaxTableBytes(1000);
    socket.write(frame(SETTINGS, ACK, 0, []));
    for (let round = 0; round < ROUNDS; round++) {
      output.at = 0;
      encoder.encode([":method", "POST", ":scheme", "http", ":path", "/", ":authority", "a"], output);
      encoder.encode(Object.entries(requestOf(round)).flat(), output);
      socket.write(frame(HEADERS, END_HEADERS, 2 * round + 1, output.bytes.slice(0, output.at)));
    }
  });
  await done;
  for (const [round, fields] of seen.entries()) {
    const { ":method": method, ":path": path, ":scheme": scheme, ":authority": authority, ...regular } = fields;
    assert.deepEqual([method, path, scheme, authority], ["POST", "/", "http", "a"]);
    assert.deepEqual(regular, requestOf(round));
  }
});

const [HEADERS, SETTINGS] = [1, 4];
const [END_STREAM, ACK, END_HEADERS, PADDED, PRIORITY] = [1, 1, 4, 8, 32];

function record(fields: readonly string[]): Record<string, string> {
  const pairs = Array.from({ length: fields.length / 2 }, (_, i) => [fields[2 * i], fields[2 * i + 1]]);
  return Object.fromEntries(pairs);
}

function frame(type: number, flags: number, stream: number, payload: ArrayLike<number>): Buffer {
  const header = Buffer.alloc(9);
  header.writeUIntBE(payload.length, 0, 3);
  header[3] = type;
  header[4] = flags;
  header.writeUInt32BE(stream, 5);
  return Buffer.concat([header, Uint8Array.from(payload)]);
}

/** @param skip octets before the first frame */
function onFrames(
  socket: Socket,
  skip: number,
  onFrame: (type: number, flags: number, stream: number, payload: Buffer) => void,
): void {
  let buffered = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    buffered = Buffer.concat([buffered, chunk]);
    if (skip > 0 && buffered.length >= skip) {
      buffered = buffered.subarray(skip);
      skip = 0;
    }
    while (skip === 0 && buffered.length >= 9 && buffered.length >= 9 + buffered.readUIntBE(0, 3)) {
      const length = buffered.readUIntBE(0, 3);
      onFrame(buffered[3] as number, buffered[4] as number, buffered.readUInt32BE(5), buffered.subarray(9, 9 + length));
      buffered = buffered.subarray(9 + length);
    }
  });
}
