import assert from "node:assert/strict";
import { test } from "node:test";
import { ClientEngine, Notes, ServerEngine } from "../../test/h2-engine.js";
import { data, ErrorCode, Flags, ping, readUint32, Type } from "../../test/h2-peer-frames.js";
import { type Exchange, ResetCode } from "../exchange.js";

function server(limits = {}): { engine: ServerEngine; exchanges: Exchange[]; notes: Notes[] } {
  const exchanges: Exchange[] = [];
  const notes: Notes[] = [];
  const engine = new ServerEngine((exchange) => {
    exchanges.push(exchange);
    notes.push(new Notes());
    return notes.at(-1) as Notes;
  }, limits);
  engine.peer.begin();
  return { engine, exchanges, notes };
}

test("a sink that throws ends the connection, and the other exchanges hear of it", () => {
  const notes = new Notes();
  let isFirst = true;
  const engine = new ServerEngine(() => {
    if (isFirst) {
      isFirst = false;
      return notes;
    }
    const sink = new Notes();
    sink.data = () => {
      throw new RangeError("a bug above the seam");
    };
    return sink;
  });
  engine.peer.begin();
  engine.peer.request(1);
  engine.peer.request(3, 0);
  engine.peer.write(data(3, [1]));
  assert.deepEqual(engine.violations, ["internal"]);
  assert.equal(engine.peer.goneAway?.code, ErrorCode.Internal);
  assert.equal(notes.told.at(-1), `closed ${ResetCode.ConnectionLost}`);
});

test("a connection drains when it has reached its age", () => {
  const { engine } = server({ maxAgeMs: 100_000 });
  engine.tick(99_999);
  assert.deepEqual(engine.peer.ofType(Type.GoAway), []);
  engine.tick(1);
  assert.equal(engine.peer.goneAway?.lastStream, 2 ** 31 - 1);
});

test("a tick says when the next is due", () => {
  const { engine } = server({ keepaliveMs: 5000, idleMs: 7000 });
  assert.equal(engine.connection.tick(1), 5001);
  engine.peer.write(ping());
  engine.now = 4001;
  engine.peer.write(ping());
  assert.equal(engine.connection.tick(4001), 7001);
  assert.equal(new ServerEngine(() => new Notes()).connection.tick(1), 5001, "the handshake's end");
  engine.connection.close();
  assert.equal(engine.connection.tick(5000), undefined);
});

test("a connection that is closed tells its exchanges and its peer, and then does nothing", () => {
  const { engine, exchanges, notes } = server();
  engine.peer.request(1, 0);
  engine.connection.close();
  engine.flush();
  assert.deepEqual(notes[0]?.told, [`closed ${ResetCode.ConnectionLost}`]);
  assert.deepEqual(engine.peer.goneAway, { lastStream: 1, code: ErrorCode.NoError, name: "" });
  assert.equal(engine.connection.wantsClose, true);
  const frames = engine.peer.frames.length;
  engine.peer.request(3);
  exchanges[0]?.write(new Uint8Array(5), 0, 5);
  engine.connection.drain();
  engine.connection.lost();
  engine.flush();
  assert.equal(engine.peer.frames.length, frames);
  assert.equal(exchanges.length, 1);
});

test("a drain that the peer confirms ends with the last exchange", () => {
  const { engine, exchanges } = server();
  engine.peer.request(1);
  engine.connection.drain();
  engine.flush();
  engine.peer.write(ping(engine.peer.ofType(Type.Ping)[0]?.payload ?? [], Flags.Ack));
  assert.equal(engine.connection.wantsClose, false);
  exchanges[0]?.end({ fields: ["grpc-status", "0"] });
  engine.flush();
  assert.equal(engine.connection.wantsClose, true);
  assert.deepEqual(
    engine.peer.ofType(Type.GoAway).map(({ payload }) => readUint32(payload, 0)),
    [2 ** 31 - 1, 1],
  );
});

test("a client that loses its connection is told why, once", () => {
  const reasons: unknown[] = [];
  const engine = new ClientEngine({ events: { closed: (reason) => reasons.push(reason?.message) } });
  const notes = new Notes();
  engine.connection.open("/a", { fields: [] }, notes);
  engine.connection.lost(new Error("read ECONNRESET"));
  engine.connection.lost();
  engine.flush();
  assert.deepEqual(notes.told, [`closed ${ResetCode.ConnectionLost}`]);
  assert.deepEqual(reasons, ["read ECONNRESET"]);
});

test("receive windows are given back by halves, and at once when a stream closes", () => {
  const { engine, exchanges } = server({ streamWindowBytes: 100_000, connectionWindowBytes: 200_000 });
  engine.peer.take();
  engine.peer.request(1, 0);
  const chunk = new Uint8Array(16_000);
  for (let i = 0; i < 5; i++) engine.peer.write(data(1, chunk));
  assert.deepEqual(engine.peer.take(), []);
  exchanges[0]?.consumed(49_999);
  engine.flush();
  assert.deepEqual(engine.peer.take(), []);
  exchanges[0]?.consumed(1);
  engine.flush();
  const [update] = engine.peer.take();
  assert.deepEqual([update?.stream, readUint32(update?.payload ?? new Uint8Array(4), 0)], [1, 50_000]);
  // Half of the connection's window is 100,000: 80,000 of this stream, and 20,000 of the next.
  exchanges[0]?.reset(ResetCode.Cancel);
  engine.peer.request(3, 0);
  engine.peer.write(data(3, chunk), data(3, chunk.subarray(0, 4000)));
  engine.peer.take();
  exchanges[1]?.consumed(1_000_000);
  engine.flush();
  const [whole] = engine.peer.take();
  assert.deepEqual([whole?.stream, readUint32(whole?.payload ?? new Uint8Array(4), 0)], [0, 100_000]);
});
