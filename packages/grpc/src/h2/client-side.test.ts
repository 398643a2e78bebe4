import assert from "node:assert/strict";
import { test } from "node:test";
import { ClientEngine, Notes } from "../../test/h2-engine.js";
import { H2Pair } from "../../test/h2-pair.js";
import { REQUEST_BLOCK } from "../../test/h2-peer.js";
import {
  data,
  ErrorCode,
  Flags,
  frame,
  goAway,
  headers,
  ping,
  reset,
  SettingId,
  settings,
  Type,
} from "../../test/h2-peer-frames.js";
import type { Exchange, HeaderBlock } from "../exchange.js";
import { encodeConstant } from "./hpack/encoder.js";

const HEAD: HeaderBlock = { fields: ["te", "trailers"] };

interface Opened {
  readonly exchange: Exchange;
  readonly told: string[];
}

function open(engine: ClientEngine, path = "/test.Service/Method"): Opened {
  const notes = new Notes();
  const exchange = engine.connection.open(path, HEAD, notes);
  engine.flush();
  return { exchange, told: notes.told };
}

/** An engine whose server has begun. */
function begun(options = {}, entries: readonly number[] = []): ClientEngine {
  const engine = new ClientEngine(options);
  engine.peer.begin(entries);
  return engine;
}

test("a request may leave with the preface, before the server has said anything", () => {
  const engine = new ClientEngine();
  const { exchange } = open(engine);
  exchange.end();
  engine.flush();
  const [request] = engine.peer.ofType(Type.Headers);
  assert.deepEqual(engine.peer.fieldsOf(request), [
    ...[":method", "POST", ":scheme", "http", ":path", "/test.Service/Method", ":authority", "memory:1"],
    ...HEAD.fields,
  ]);
  assert.equal(engine.peer.ofType(Type.Data)[0]?.flags, Flags.EndStream);
});

test("interim responses stay below the seam, and one that ends the stream is malformed", () => {
  const engine = begun();
  const first = open(engine);
  engine.peer.write(headers(1, encodeConstant([":status", "103", "link", "</a>"])));
  engine.peer.respond(1);
  assert.deepEqual(first.told, ["head 200 content-type application/grpc"]);
  const second = open(engine);
  engine.peer.write(headers(3, encodeConstant([":status", "100"]), Flags.EndHeaders | Flags.EndStream));
  assert.deepEqual(second.told, [`closed ${ErrorCode.Protocol}`]);
  assert.equal(engine.peer.resetOf(3), ErrorCode.Protocol);
});

test("a header block may come in several reads, each of which is overwritten after it", () => {
  const engine = begun();
  const { told } = open(engine);
  const block = encodeConstant([":status", "200", "content-type", "application/grpc"]);
  engine.peer.write(headers(1, block.subarray(0, 5), 0));
  engine.peer.write(frame(Type.Continuation, 0, 1, block.subarray(5, 10)));
  engine.peer.write(frame(Type.Continuation, Flags.EndHeaders, 1, block.subarray(10)));
  assert.deepEqual(told, ["head 200 content-type application/grpc"]);
});

/** Is done with all that it is brought. */
class Done extends Notes {
  override turn(): true {
    return true;
  }

  override end(): true {
    return true;
  }
}

test("a read is used up if all whom it reached say so", () => {
  const engine = begun();
  for (const sink of [new Done(), new Done(), new Done(), new Notes()]) {
    engine.connection.open("/test.Service/Method", HEAD, sink);
  }
  engine.flush();
  for (const id of [1, 3, 5, 7]) engine.peer.respond(id);
  const read = (...frames: Uint8Array[]) => engine.connection.receive(Buffer.concat(frames), engine.now);
  const trailers = (id: number) =>
    headers(id, encodeConstant(["grpc-status", "0"]), Flags.EndHeaders | Flags.EndStream);
  assert.equal(read(data(1, [1]), data(3, [1]), trailers(1)), true);
  assert.equal(read(data(3, [1]), data(7, [1])), false);
  assert.equal(read(ping()), true);
  assert.equal(read(data(3, [1]), reset(3, ErrorCode.Cancel)), false);
  assert.equal(read(data(5, [1], Flags.EndStream)), true);
  assert.equal(read(data(7, [1], Flags.EndStream)), false);
});

test("malformed responses close their exchange, and the connection goes on", () => {
  const engine = begun();
  const responses: [string, Uint8Array[]][] = [
    ["malformed_response", [headers(1, encodeConstant(["grpc-status", "0"]))]],
    ["malformed_response", [headers(3, encodeConstant([":status", "101"]))]],
    ["malformed_response", [data(5, [1])]],
    ["malformed_fields", [headers(7, encodeConstant([":status", "200", "Upper", "1"]))]],
    ["malformed_trailers", [headers(9, encodeConstant([":status", "200"])), headers(9, encodeConstant(["a", "b"]))]],
    ["content_length", [headers(11, encodeConstant([":status", "200", "content-length", "1"])), data(11, [1, 2])]],
    [
      "header_list",
      [
        headers(13, encodeConstant([":status", "200", "long", "x".repeat(20_000)]).subarray(0, 16_384), 0),
        frame(
          Type.Continuation,
          Flags.EndHeaders,
          13,
          encodeConstant([":status", "200", "long", "x".repeat(20_000)]).subarray(16_384),
        ),
      ],
    ],
  ];
  for (const [name, frames] of responses) {
    const { told } = open(engine);
    engine.peer.write(...frames);
    assert.equal(engine.violations.at(-1), name);
    assert.match(told.at(-1) ?? "", /^closed \d+$/);
  }
  assert.equal(engine.connection.wantsClose, false);
});

test("what the server sends for a stream that we reset is ignored, and its window given back", () => {
  const engine = begun();
  const { exchange } = open(engine);
  exchange.reset(ErrorCode.Cancel);
  engine.flush();
  engine.peer.respond(1);
  engine.peer.write(
    ...Array.from({ length: 200 }, () => data(1, new Uint8Array(16_384))),
    data(1, [], Flags.EndStream),
  );
  assert.deepEqual(engine.violations, []);
  assert.equal(engine.connection.wantsClose, false);
  const given = engine.peer.ofType(Type.WindowUpdate, 0);
  assert.ok(given.length >= 2, "the connection's window was given back");
});

test("trailers after the server's own reset disturb no other call", () => {
  const engine = begun();
  const { told } = open(engine);
  const { exchange } = open(engine);
  const other = open(engine);
  exchange.reset(ErrorCode.Cancel);
  engine.flush();
  for (const id of [1, 3]) {
    engine.peer.write(
      reset(id, ErrorCode.Cancel),
      headers(id, encodeConstant([":status", "200", "grpc-status", "1"]), Flags.EndHeaders | Flags.EndStream),
    );
  }
  engine.peer.respond(5);
  assert.deepEqual(told, [`closed ${ErrorCode.Cancel}`]);
  assert.deepEqual(other.told, ["head 200 content-type application/grpc"]);
  assert.equal(engine.connection.wantsClose, false);
});

test("promised and unknown streams end the connection", () => {
  const push = begun();
  open(push);
  push.peer.write(frame(Type.PushPromise, Flags.EndHeaders, 1, [0, 0, 0, 2, ...REQUEST_BLOCK]));
  assert.equal(push.peer.goneAway?.name, "push");
  const unknown = begun();
  unknown.peer.respond(1);
  assert.equal(unknown.peer.goneAway?.name, "idle_stream");
  const even = begun();
  open(even);
  even.peer.respond(2);
  assert.equal(even.peer.goneAway?.name, "idle_stream");
});

test("GOAWAY refuses what the server did not look at, and lets the others end", () => {
  let reason: Error | undefined;
  let draining = 0;
  const engine = begun({ events: { draining: () => draining++, closed: (error: Error) => (reason = error) } });
  const calls = [open(engine), open(engine), open(engine)];
  engine.peer.write(goAway(2 ** 31 - 1, ErrorCode.NoError), goAway(3, ErrorCode.NoError));
  assert.deepEqual(
    calls.map(({ told }) => told),
    [[], [], [`closed ${ErrorCode.RefusedStream}`]],
  );
  assert.equal(draining, 1);
  assert.equal(engine.connection.openable, 0);
  const late = open(engine);
  assert.deepEqual(late.told, [`closed ${ErrorCode.RefusedStream}`]);
  for (const [i, { exchange, told }] of calls.slice(0, 2).entries()) {
    exchange.end();
    engine.flush();
    engine.peer.respond(1 + 2 * i, Flags.EndStream);
    assert.equal(told.at(-1), "closed undefined");
  }
  assert.equal(engine.connection.wantsClose, true);
  assert.match(reason?.message ?? "", /GOAWAY/);
});

test("an exchange opened too late is told with the next flush, not from within", () => {
  const engine = begun();
  engine.peer.write(goAway(0, ErrorCode.NoError));
  const notes = new Notes();
  engine.connection.open("/a", HEAD, notes);
  assert.deepEqual(notes.told, []);
  assert.ok(engine.wakes > 0);
  engine.flush();
  assert.deepEqual(notes.told, [`closed ${ErrorCode.RefusedStream}`]);
});

test("exchanges beyond what the server takes wait, and are told of more room", () => {
  let openable = 0;
  const engine = begun({ events: { openable: () => openable++ } }, [SettingId.MaxConcurrentStreams, 1]);
  assert.equal(engine.connection.openable, 1);
  open(engine);
  const waiting = open(engine);
  waiting.exchange.write(new Uint8Array(5), 0, 5);
  waiting.exchange.end();
  engine.flush();
  assert.equal(engine.peer.ofType(Type.Headers).length, 1);
  assert.equal(openable, 0);
  engine.peer.write(settings([SettingId.MaxConcurrentStreams, 3]));
  assert.equal(engine.peer.ofType(Type.Headers).length, 2);
  const [body] = engine.peer.ofType(Type.Data, 3);
  assert.equal(body?.payload.length, 5);
  assert.equal(body?.flags, Flags.EndStream, "the end goes with the last bytes");
  assert.equal(openable, 1);
  engine.peer.write(settings([SettingId.MaxConcurrentStreams, 0]));
  assert.equal(engine.connection.openable, 0);
});

test("a server that never answers the preface is given up", () => {
  let reason: Error | undefined;
  const engine = new ClientEngine({ events: { closed: (error) => (reason = error) } });
  const { told } = open(engine);
  engine.tick(5000);
  assert.deepEqual(told, ["closed -1"]);
  assert.match(reason?.message ?? "", /handshake_timeout/);
});

test("a client that is asked to sends PINGs, and gives a silent server up", () => {
  const engine = begun({ limits: { keepaliveMs: 10_000 } });
  const { told } = open(engine);
  engine.tick(10_000);
  const [asked] = engine.peer.ofType(Type.Ping);
  engine.peer.write(ping(asked?.payload ?? [], Flags.Ack));
  engine.tick(9_999);
  assert.equal(engine.peer.ofType(Type.Ping).length, 1);
  engine.tick(1);
  assert.equal(engine.peer.ofType(Type.Ping).length, 2);
  engine.tick(20_000);
  assert.deepEqual(told, ["closed -1"]);
  assert.deepEqual(engine.violations, ["keepalive_timeout"]);
});

test("a response that ends before its request ends with its trailers, and a reset without error after them", () => {
  const engine = begun();
  const { told } = open(engine);
  engine.peer.respond(1);
  engine.peer.write(
    data(1, [1, 2, 3]),
    headers(1, encodeConstant(["grpc-status", "8"]), Flags.EndHeaders | Flags.EndStream),
    reset(1, ErrorCode.NoError),
  );
  assert.deepEqual(told, ["head 200 content-type application/grpc", "data 3", "end grpc-status 8", "closed 0"]);
});

test("a connection that is idle for as long as its limit says so, takes no more exchanges and closes", () => {
  const told: string[] = [];
  const pair = new H2Pair(() => new Notes(), {
    client: { idleMs: 5000 },
    events: { draining: () => told.push("draining"), closed: (reason) => told.push(`closed ${reason}`) },
  });
  pair.settle();
  pair.tick(1000);
  pair.tick(4000);
  assert.ok(pair.client.openable > 0);
  pair.tick(1000);
  assert.equal(pair.client.openable, 0);
  assert.deepEqual(told, ["draining"]);
  pair.settle();
  assert.deepEqual(told, ["draining", "closed undefined"]);
});
