import assert from "node:assert/strict";
import { test } from "node:test";
import { Notes, ServerEngine } from "../../test/h2-engine.js";
import { Flags, SettingId, settings, Type, windowUpdate } from "../../test/h2-peer-frames.js";
import type { Exchange, HeaderBlock } from "../exchange.js";

const HEAD: HeaderBlock = { fields: ["content-type", "application/grpc"] };
const TRAILERS: HeaderBlock = { fields: ["grpc-status", "0"] };
const BODY = Uint8Array.from({ length: 4_000_000 }, (_, i) => (i * 13 + (i >> 8)) & 0xff);
const OPEN_WINDOWS = [SettingId.InitialWindowSize, 2 ** 31 - 1];

/** A server with so many requests that have ended; their heads are answered. */
function serving(count: number, entries: readonly number[] = [], limits = {}) {
  const exchanges: Exchange[] = [];
  const notes: Notes[] = [];
  const engine = new ServerEngine((exchange) => {
    exchanges.push(exchange);
    const sink = new Notes();
    notes.push(sink);
    return sink;
  }, limits);
  engine.peer.begin(entries);
  for (let i = 0; i < count; i++) engine.peer.request(1 + 2 * i);
  for (const exchange of exchanges) exchange.head(HEAD);
  engine.flush();
  engine.writes.length = 0;
  return { engine, exchanges, exchange: exchanges[0] as Exchange, notes };
}

test("head, body and trailers of all calls of a turn leave in one write, and one wake asks for it", () => {
  const { engine, exchanges } = serving(50);
  engine.wakes = 0;
  for (const exchange of exchanges) {
    exchange.write(BODY, 0, 20);
    exchange.end(TRAILERS);
  }
  assert.equal(engine.wakes, 1);
  engine.flush();
  assert.equal(engine.writes.length, 1);
  assert.equal(engine.peer.bodyOf(99).length, 20);
  assert.equal(engine.connection.openStreams, 0);
});

test("answers given within a read need no wake", () => {
  const engine = new ServerEngine((exchange) => {
    exchange.head(HEAD);
    exchange.end(TRAILERS);
    return new Notes();
  });
  engine.peer.begin();
  engine.wakes = 0;
  engine.peer.request(1);
  assert.equal(engine.wakes, 0);
  assert.equal(engine.peer.ofType(Type.Headers, 1).length, 2);
});

test("what is written in small pieces leaves in large frames", () => {
  const { engine, exchange } = serving(1);
  for (let i = 0; i < 1000; i++) exchange.write(BODY, i * 50, i * 50 + 50);
  exchange.end(TRAILERS);
  engine.flush();
  const frames = engine.peer.ofType(Type.Data, 1).map(({ payload }) => payload.length);
  assert.deepEqual(frames, [16_384, 16_384, 16_384, 848]);
  assert.ok(engine.peer.bodyOf(1).equals(BODY.subarray(0, 50_000)));
});

test("frames are as large as the peer takes, and not over 64 KiB", () => {
  const { engine, exchange } = serving(1, [SettingId.MaxFrameSize, 1_000_000, ...OPEN_WINDOWS]);
  engine.peer.write(windowUpdate(0, 1_000_000));
  exchange.write(BODY, 0, 200_000);
  engine.flush();
  const frames = engine.peer.ofType(Type.Data, 1).map(({ payload }) => payload.length);
  assert.equal(Math.max(...frames), 65_536);
  assert.ok(engine.peer.bodyOf(1).equals(BODY.subarray(0, 200_000)));
});

test("a header block larger than a frame leaves as CONTINUATION, with nothing in between", () => {
  const engine = new ServerEngine((exchange) => {
    exchange.end({ fields: ["x-long", "\u0000".repeat(40_000)] });
    return new Notes();
  });
  engine.peer.came = () => {};
  engine.peer.begin();
  engine.writes.length = 0;
  const seen: Buffer[] = [];
  engine.peer.came = (bytes) => seen.push(Buffer.from(bytes));
  engine.peer.request(1);
  const bytes = Buffer.concat(seen);
  const types: number[] = [];
  for (let at = 0; at < bytes.length; at += 9 + bytes.readUIntBE(at, 3)) types.push(bytes[at + 3] ?? 0);
  assert.deepEqual(types, [Type.Headers, Type.Continuation, Type.Continuation]);
});

test("a window that a setting makes negative must be filled up before anything leaves", () => {
  const { engine, exchange } = serving(1, [SettingId.InitialWindowSize, 1000]);
  exchange.write(BODY, 0, 5000);
  engine.flush();
  assert.equal(engine.peer.bodyOf(1).length, 1000);
  engine.peer.write(settings([SettingId.InitialWindowSize, 100]));
  engine.peer.write(windowUpdate(1, 900));
  assert.equal(engine.peer.bodyOf(1).length, 1000);
  engine.peer.write(windowUpdate(1, 1));
  assert.equal(engine.peer.bodyOf(1).length, 1001);
  engine.peer.write(settings([SettingId.InitialWindowSize, 10_000]));
  assert.equal(engine.peer.bodyOf(1).length, 5000);
});

test("a setting that makes a window too large ends the connection", () => {
  const { engine } = serving(1);
  engine.peer.write(windowUpdate(1, 2 ** 31 - 1 - 65_535));
  engine.peer.write(settings([SettingId.InitialWindowSize, 65_536]));
  assert.equal(engine.peer.goneAway?.name, "settings_window");
});

test("streams take turns, a frame each", () => {
  const { engine, exchanges } = serving(3, OPEN_WINDOWS);
  // The connection's window keeps everything back until all three wait.
  for (const exchange of exchanges) exchange.write(BODY, 0, 100_000);
  engine.flush();
  const before = engine.peer.ofType(Type.Data).length;
  engine.peer.write(windowUpdate(0, 1_000_000));
  const order = engine.peer
    .ofType(Type.Data)
    .slice(before)
    .map(({ stream }) => stream);
  for (let i = 0; i + 1 < 9; i++) assert.notEqual(order[i], order[i + 1]);
  for (const stream of [1, 3, 5]) assert.equal(engine.peer.bodyOf(stream).length, 100_000);
});

test("a writer is told to wait, and once of room when half of the buffer has left", () => {
  const { engine, exchange, notes } = serving(1, [SettingId.InitialWindowSize, 0]);
  assert.equal(exchange.write(BODY, 0, 65_536), true);
  assert.equal(exchange.write(BODY, 0, 1), false);
  assert.equal(exchange.write(BODY, 0, 1), false);
  engine.peer.write(windowUpdate(1, 30_000));
  assert.equal(notes[0]?.told.includes("writable"), false);
  engine.peer.write(windowUpdate(1, 3000));
  engine.peer.write(windowUpdate(1, 3000));
  assert.equal(notes[0]?.told.filter((what) => what === "writable").length, 1);
});

test("a connection sends 2 MiB a turn and then asks for another", () => {
  const { engine, exchange } = serving(1, OPEN_WINDOWS);
  engine.peer.write(windowUpdate(0, 100_000_000));
  exchange.write(BODY, 0, BODY.length);
  exchange.end(TRAILERS);
  engine.wakes = 0;
  engine.flush();
  const first = engine.writes.reduce((sum, bytes) => sum + bytes, 0);
  assert.ok(first >= 2_000_000 && first < 2_400_000, `${first}`);
  assert.equal(engine.wakes, 1);
  engine.flush();
  assert.ok(engine.peer.bodyOf(1).equals(BODY));
});

test("streams wait while the socket is full, control frames and heads do not", () => {
  const { engine, exchanges } = serving(2, OPEN_WINDOWS);
  engine.peer.write(windowUpdate(0, 100_000_000));
  engine.isHolding = true;
  exchanges[0]?.write(BODY, 0, 1_000_000);
  engine.flush();
  assert.ok(engine.held >= 256 * 1024 && engine.held < 400_000, `${engine.held}`);
  engine.flush();
  const held = engine.held;
  exchanges[1]?.write(BODY, 0, 10);
  engine.flush();
  assert.equal(engine.held, held);
  engine.peer.request(5);
  exchanges[2]?.end(TRAILERS);
  engine.flush();
  assert.equal(engine.peer.ofType(Type.Headers, 5).length, 1);
  engine.isHolding = false;
  engine.held = 0;
  engine.connection.sent(0);
  engine.flush();
  assert.equal(engine.peer.bodyOf(1).length, 1_000_000);
  assert.equal(engine.peer.bodyOf(3).length, 10);
});

test("what is queued of a stream that is reset is dropped before the reset leaves", () => {
  const { engine, exchange } = serving(1, [SettingId.InitialWindowSize, 0]);
  exchange.write(BODY, 0, 50_000);
  exchange.reset(8);
  engine.flush();
  engine.peer.write(settings([SettingId.InitialWindowSize, 100_000]));
  assert.equal(engine.peer.bodyOf(1).length, 0);
  assert.equal(engine.peer.resetOf(1), 8);
});

test("trailers wait for what is queued, and the reset that stops a request waits for both", () => {
  let call: Exchange | undefined;
  const server = new ServerEngine((exchange) => {
    call = exchange;
    return new Notes();
  });
  server.peer.begin([SettingId.InitialWindowSize, 10]);
  server.peer.request(1, 0);
  call?.head(HEAD);
  call?.write(BODY, 0, 30);
  call?.end(TRAILERS);
  server.flush();
  assert.equal(server.peer.resetOf(1), undefined);
  server.peer.write(windowUpdate(1, 20));
  const types = server.peer.frames.filter(({ stream }) => stream === 1).map(({ type }) => type);
  assert.deepEqual(types, [Type.Headers, Type.Data, Type.Data, Type.Headers, Type.Reset]);
  assert.equal(server.peer.resetOf(1), 0);
  assert.equal((server.peer.ofType(Type.Headers, 1)[1]?.flags ?? 0) & Flags.EndStream, Flags.EndStream);
  assert.equal(server.connection.openStreams, 0);
});
