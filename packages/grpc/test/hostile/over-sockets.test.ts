import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { EventEmitter, once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { type Listening, listen } from "../../src/carrier/node-listen.js";
import type { Exchange, ResetCode, Sink } from "../../src/exchange.js";
import type { Limits } from "../../src/h2/limits.js";
import { REQUEST_BLOCK } from "../h2-peer.js";
import { continuation, data, Flags, headers, reset, SettingId, Type, windowUpdate } from "../h2-peer-frames.js";
import { connectPeer, type SocketPeer } from "../h2-peer-socket.js";
import { untilGone } from "../until-gone.js";
import { HEAD, TRAILERS } from "./victim.js";

// What only a real socket shows: that the last word arrives, that a stalled system holds little, and that the port stays open.

const BATCH = new Uint8Array(64 * 1024);
/** What a listing writes in all. */
const LIST_BYTES = 32 << 20;

/** Writes a long body as fast as it is taken. */
class ListingCall implements Sink {
  written = 0;
  readonly #server: Target;
  readonly #exchange: Exchange;

  constructor(server: Target, exchange: Exchange) {
    this.#server = server;
    this.#exchange = exchange;
  }

  head(): void {}
  data(_bytes: Uint8Array, start: number, end: number): void {
    this.#exchange.consumed(end - start);
  }
  turn(): void {}

  end(): void {
    this.#exchange.head(HEAD);
    this.writable();
  }

  writable(): void {
    const bytes = this.#server.bodyBytes;
    let hasRoom = true;
    while (hasRoom && this.written < bytes) {
      hasRoom = this.#exchange.write(BATCH, 0, BATCH.length);
      this.written += BATCH.length;
    }
    if (this.written >= bytes) this.#exchange.end(TRAILERS);
  }

  closed(code: ResetCode | undefined): void {
    this.#exchange.release();
    this.#server.events.emit("closed", code);
  }
}

/** A listener whose every call is answered with so many bytes. */
class Target implements AsyncDisposable {
  readonly events = new EventEmitter();
  readonly calls: ListingCall[] = [];
  readonly bodyBytes: number;
  #listening: Listening | undefined;

  private constructor(bodyBytes: number) {
    this.bodyBytes = bodyBytes;
  }

  static async listen(bodyBytes: number, limits: Partial<Limits> = {}): Promise<Target> {
    const target = new Target(bodyBytes);
    const accept = (exchange: Exchange) => {
      const call = new ListingCall(target, exchange);
      target.calls.push(call);
      return call;
    };
    target.#listening = await listen({ accept }, { port: 0, host: "127.0.0.1" }, { limits });
    return target;
  }

  get port(): number {
    return Number(this.#listening?.address.split(":")[1]);
  }

  connect(): Promise<SocketPeer> {
    return connectPeer({ port: this.port, host: "127.0.0.1" });
  }

  /** A new connection gets an answer. */
  async assertServes(): Promise<void> {
    using peer = await this.connect();
    peer.begin([SettingId.InitialWindowSize, 2 ** 31 - 1]);
    peer.request(1);
    const answer = await peer.frame(({ type, stream }) => type === Type.Headers && stream === 1);
    assert.deepEqual(peer.fieldsOf(answer).slice(0, 2), [":status", "200"]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listening?.close(0);
  }
}

test("the GOAWAY arrives although the attacker goes on writing: nothing turns it into a TCP reset", async () => {
  await using target = await Target.listen(1);
  using peer = await target.connect();
  peer.begin();
  peer.write(headers(1, REQUEST_BLOCK, 0));
  const flood = Array.from({ length: 1000 }, () => continuation(1, new Uint8Array(100)));
  peer.write(...flood);
  peer.write(...flood);
  await peer.ended();
  assert.equal(peer.goneAway?.name, "continuation_flood");
  await target.assertServes();
});

test("rapid resets over a socket are told why they end, and the port goes on serving", async () => {
  await using target = await Target.listen(1, { peerResets: 100, peerResetsPerSecond: 0 });
  using peer = await target.connect();
  peer.begin();
  for (let i = 0; i < 2000; i++) peer.write(headers(1 + 2 * i, REQUEST_BLOCK), reset(1 + 2 * i));
  await peer.ended();
  assert.equal(peer.goneAway?.name, "peer_resets");
  assert.ok(target.calls.length <= 101);
  await target.assertServes();
});

test("a reader that stops holds no more than socket and buffers, and gets the rest when it reads again", async () => {
  await using target = await Target.listen(LIST_BYTES);
  using peer = await target.connect();
  peer.begin([SettingId.InitialWindowSize, 2 ** 31 - 1]);
  peer.write(windowUpdate(0, 2 ** 30));
  peer.request(1);
  await peer.frame(({ type }) => type === Type.Data);
  peer.socket.pause();
  // Others are served while this one does not read.
  await target.assertServes();
  const [listing] = target.calls;
  assert.ok((listing?.written ?? LIST_BYTES) < LIST_BYTES);
  peer.socket.resume();
  const end = await peer.frame(({ flags, type }) => type === Type.Headers && (flags & Flags.EndStream) !== 0);
  assert.deepEqual(peer.fieldsOf(end), TRAILERS.fields);
  assert.equal(peer.bodyOf(1).length, LIST_BYTES);
});

test("a connection that says nothing is ended when the time for the handshake is over", async () => {
  await using target = await Target.listen(1, { handshakeMs: 20 });
  using silent = await target.connect();
  using half = await target.connect();
  half.write(Buffer.from("PRI * HTTP/2.0\r\n\r\nSM", "latin1"));
  await Promise.all([silent.ended(), half.ended()]);
  await target.assertServes();
});

test("a process that was too busy to read in time reads what has come before it gives anybody up", async () => {
  await using target = await Target.listen(1, { handshakeMs: 20 });
  const accepted = new Promise<void>((resolve) => {
    const onAccept = () => {
      unsubscribe("net.server.socket", onAccept);
      resolve();
    };
    subscribe("net.server.socket", onAccept);
  });
  using peer = await target.connect();
  await accepted;
  peer.begin();
  peer.request(1);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60);
  const answer = await peer.frame(({ type, stream }) => type === Type.Headers && stream === 1);
  assert.ok(answer !== undefined);
});

test("connections beyond the limit are closed, and one that ends makes room", async () => {
  await using target = await Target.listen(1, { maxConnections: 1 });
  const first = await target.connect();
  first.begin();
  await first.frame(({ type }) => type === Type.Settings);
  using second = await target.connect();
  await second.ended();
  assert.deepEqual(second.frames, []);
  first.socket.destroy();
  await once(first.socket, "close");
  // The server hears of it a little later than the client.
  for (let isServed = false; !isServed; ) {
    using peer = await target.connect();
    peer.begin();
    isServed = (await peer.frame(({ type }) => type === Type.Settings)) !== undefined;
  }
});

test("a socket that is cut ends its calls", async () => {
  await using target = await Target.listen(1);
  using peer = await target.connect();
  peer.begin();
  peer.request(1, 0);
  peer.write(data(1, [1]));
  await peer.frame(({ flags, type }) => type === Type.Settings && (flags & Flags.Ack) !== 0);
  const closed = once(target.events, "closed");
  peer.socket.destroy();
  assert.deepEqual(await closed, [-1]);
});

test("what is neither HTTP/2 nor HTTP/1 is closed without a word, once that is plain", async () => {
  await using target = await Target.listen(1);
  const sent = [
    "INVALID CONNECTION PREFACE\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\nNO\r\n\r\n",
    "\x16\x03\x01\x02\x00\x01",
    "\r\n\r\n",
    "x".repeat(20_000),
  ];
  for (const bytes of sent) {
    const socket = connect(target.port, "127.0.0.1");
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    // What it has not read yet, the server's system answers with a reset.
    socket.on("error", () => {});
    socket.write(bytes, "latin1");
    await untilGone(socket);
    assert.equal(answer, "");
  }
  await target.assertServes();
});

test("HTTP/1 that comes byte by byte, after an empty line, is still recognized", async () => {
  await using target = await Target.listen(1);
  const socket = connect({ port: target.port, host: "127.0.0.1", noDelay: true });
  for (const byte of "\r\nGET /a?b=%20 HTTP/1.0\r\n\r\n") {
    await new Promise((resolve) => socket.write(byte, resolve));
  }
  let answer = "";
  for await (const chunk of socket) answer += chunk;
  assert.match(answer, /^HTTP\/1\.1 200 /);
});
