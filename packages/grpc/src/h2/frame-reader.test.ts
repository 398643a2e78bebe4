import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type FrameHandler, FrameReader } from "./frame-reader.js";
import type { Violation } from "./violation.js";
import { Flag, FrameType, PREFACE } from "./wire.js";

/** Lists what the reader tells; pieces of DATA are put together, as where they are cut is free. */
class Lister implements FrameHandler {
  readonly events: string[] = [];
  #data = "";

  data(stream: number, flags: number, length: number, padding: number): void {
    this.events.push(`data ${stream} ${flags} ${length} ${padding}`);
  }

  piece(bytes: Uint8Array, start: number, end: number): void {
    assert.ok(start < end && end <= bytes.length);
    this.#data += Buffer.from(bytes.subarray(start, end)).toString("hex");
  }

  dataEnd(): void {
    this.events.push(`end ${this.#data}`);
    this.#data = "";
  }

  frame(type: number, flags: number, stream: number, bytes: Uint8Array, start: number, end: number): void {
    const payload = Buffer.from(bytes.subarray(start, end)).toString("hex");
    this.events.push(`frame ${type} ${flags} ${stream} ${payload}`);
  }

  broken(violation: Violation): void {
    this.events.push(`broken ${violation.name}`);
  }
}

const MAX_FRAME_BYTES = 50;

const frames = fc.array(
  fc.record({
    type: fc.oneof({ weight: 3, arbitrary: fc.constant(FrameType.Data) }, { weight: 3, arbitrary: fc.nat(12) }),
    flags: fc.constantFrom(0, Flag.EndStream, Flag.Padded, Flag.Padded | Flag.EndStream, 0xff),
    stream: fc.nat(0x7fffffff),
    payload: fc.uint8Array({ maxLength: MAX_FRAME_BYTES + 1 }),
  }),
  { maxLength: 12 },
);

function frame(type: number, flags: number, stream: number, payload: ArrayLike<number>): Buffer {
  const header = Buffer.alloc(9);
  header.writeUIntBE(payload.length, 0, 3);
  header[3] = type;
  header[4] = flags;
  header.writeUInt32BE(stream, 5);
  return Buffer.concat([header, Uint8Array.from(payload)]);
}

function read(bytes: Uint8Array, edges: readonly number[], preface: boolean): string[] {
  const lister = new Lister();
  const reader = new FrameReader(lister, MAX_FRAME_BYTES, preface);
  let at = 0;
  for (const edge of [...edges, bytes.length]) {
    reader.read(bytes.subarray(at, edge));
    at = edge;
  }
  return lister.events;
}

test("however the bytes are cut, the events are the same", () => {
  fc.assert(
    fc.property(frames, fc.array(fc.nat(400)), fc.boolean(), (list, cuts, preface) => {
      const bytes = Buffer.concat([
        ...(preface ? [PREFACE] : []),
        ...list.map(({ type, flags, stream, payload }) => frame(type, flags, stream, payload)),
      ]);
      const edges = cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b);
      const whole = read(bytes, [], preface);
      assert.deepEqual(read(bytes, edges, preface), whole);
      assert.deepEqual(read(bytes, [...bytes.keys()], preface), whole);
    }),
  );
});

test("every single cut of a stream with all kinds of frames gives the same events", () => {
  const bytes = Buffer.concat([
    PREFACE,
    frame(FrameType.Settings, 0, 0, []),
    frame(FrameType.Headers, Flag.EndHeaders, 1, [1, 2, 3]),
    frame(FrameType.Data, Flag.Padded, 1, [2, 7, 8, 9, 0, 0]),
    frame(FrameType.Data, Flag.Padded | Flag.EndStream, 1, [0]),
    frame(FrameType.Data, Flag.EndStream, 3, []),
    frame(FrameType.Data, 0, 0x7fffffff, [1, 2, 3, 4]),
    frame(200, 255, 5, [4, 5]),
  ]);
  const whole = read(bytes, [], true);
  assert.deepEqual(whole, [
    "frame 4 0 0 ",
    "frame 1 4 1 010203",
    "data 1 8 6 3",
    "end 070809",
    "data 1 9 1 1",
    "end ",
    "data 3 1 0 0",
    "end ",
    "data 2147483647 0 4 0",
    "end 01020304",
    "frame 200 255 5 0405",
  ]);
  for (let cut = 0; cut <= bytes.length; cut++) assert.deepEqual(read(bytes, [cut], true), whole);
});

test("padding as long as the payload, a missing length of padding and a wrong preface end the reading", () => {
  const ping = frame(FrameType.Ping, 0, 0, [1]);
  const broken = (bytes: Uint8Array, preface = false) => read(Buffer.concat([bytes, ping]), [], preface);
  assert.deepEqual(broken(frame(FrameType.Data, Flag.Padded, 1, [3, 0, 0])), ["broken padding"]);
  assert.deepEqual(broken(frame(FrameType.Data, Flag.Padded, 1, [])), ["broken frame_size"]);
  assert.deepEqual(broken(Buffer.from("GET / HTTP/1.1\r\n"), true), ["broken preface"]);
});

test("a frame is refused by its header when it is longer than allowed", () => {
  const tooLong = frame(FrameType.Headers, 0, 1, new Uint8Array(MAX_FRAME_BYTES + 1)).subarray(0, 9);
  assert.deepEqual(read(tooLong, [], false), ["broken frame_too_large"]);
  assert.deepEqual(read(frame(FrameType.Data, 0, 1, new Uint8Array(MAX_FRAME_BYTES + 1)).subarray(0, 9), [], false), [
    "broken frame_too_large",
  ]);
});
