import assert from "node:assert/strict";
import { test } from "node:test";
import { Recorder } from "../../test/exchange/recorder.js";
import { FakeSocket } from "../../test/web-socket-peer.js";
import { ResetCode } from "../exchange.js";
import { GrpcWebSocketsSide } from "./grpc-websockets.js";
import { type WebSocketLimits, webSocketLimits } from "./web-socket-limits.js";

const KIB = 1024;
const HEAD = "content-type: application/grpc-web+proto\r\nX-Asked: for this\r\n";
const block = (...fields: string[]) => ({ fields });

/** Messages as they are sent: this dialect has no frames. */
class DialectSocket extends FakeSocket {
  readonly messages: Buffer[] = [];
  isPaused = false;

  override send(message: Uint8Array): void {
    this.messages.push(Buffer.from(message));
    if (this.isStuck) this.bufferedBytes += message.length;
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }
}

class Dialect {
  readonly socket = new DialectSocket();
  readonly call = new Recorder();
  readonly side: GrpcWebSocketsSide;
  isOpen = false;
  now = 0;
  #deferred: (() => void)[] = [];

  constructor(limits: Partial<WebSocketLimits> = {}) {
    this.side = new GrpcWebSocketsSide({
      socket: this.socket,
      peer: { carrier: "websocket", address: "peer:1", secure: false, certificate: () => undefined },
      authority: "here",
      path: "/test.Service/Method",
      limits: { ...webSocketLimits, ...limits },
      defer: (callback) => this.#deferred.push(callback),
      accept: (exchange) => {
        this.isOpen = true;
        this.call.exchange = exchange;
        return this.call;
      },
      now: () => this.now,
    });
  }

  receive(...messages: (string | readonly number[] | Uint8Array)[]): void {
    for (const message of messages) this.side.receive(Buffer.from(message as string));
    this.settle();
  }

  settle(): void {
    for (const callback of this.#deferred.splice(0)) callback();
  }
}

const fieldsEnvelope = (text: string) => Buffer.from([0x80, 0, 0, 0, text.length, ...Buffer.from(text)]);

test("a call of grpc-websockets: its head, its body in pieces, the end, and the response in the same order", () => {
  const dialect = new Dialect();
  dialect.receive(HEAD, [0, 1, 2], [0, 3], [1]);
  const { call, socket } = dialect;
  assert.equal(call.exchange.path, "/test.Service/Method");
  assert.deepEqual(call.exchange.fields, ["content-type", "application/grpc-web+proto", "x-asked", "for this"]);
  assert.deepEqual([...call.body], [1, 2, 3]);
  assert.deepEqual([call.turns, call.trailers], [2, []]);
  call.exchange.head(block("content-type", "application/grpc-web+proto"));
  call.exchange.write(Uint8Array.of(7, 8, 9), 0, 3);
  call.exchange.end();
  dialect.settle();
  assert.deepEqual(socket.messages, [
    fieldsEnvelope("content-type: application/grpc-web+proto\r\n"),
    Buffer.from([7, 8, 9]),
  ]);
  assert.deepEqual(socket.closed, [1000, ""]);
  assert.equal(call.code, undefined);
});

test("a response without a body is one envelope of fields", () => {
  const dialect = new Dialect();
  dialect.receive(HEAD);
  dialect.call.exchange.end(block("grpc-status", "5"));
  dialect.settle();
  assert.deepEqual(dialect.socket.messages, [fieldsEnvelope("grpc-status: 5\r\n")]);
  assert.deepEqual([dialect.socket.closed, dialect.call.code], [[1000, ""], ResetCode.NoError]);
});

test("a client that closes its socket has cancelled, one that never named its call has done nothing", () => {
  const dialect = new Dialect();
  dialect.receive(HEAD, [0, 1]);
  dialect.side.lost();
  assert.equal(dialect.call.code, ResetCode.Cancel);
  const silent = new Dialect({ headMs: 10_000 });
  silent.now = 10_000;
  silent.side.tick(silent.now);
  assert.deepEqual([silent.socket.closed, silent.isOpen], [[1008, "head_timeout"], false]);
});

test("offences close the socket with their names", () => {
  const offences: [name: string, messages: (string | readonly number[])[]][] = [
    ["malformed_fields", ["no colon\r\n"]],
    ["malformed_fields", ["a: \0\r\n"]],
    ["header_list", [`long: ${"x".repeat(20_000)}\r\n`]],
    ["frame_size", [HEAD, []]],
    ["frame_size", [HEAD, [0]]],
    ["frame_size", [HEAD, [2, 1]]],
    ["frame_call", [HEAD, [1], [0, 1]]],
    ["frame_call", [HEAD, [1, 1]]],
  ];
  for (const [name, messages] of offences) {
    const dialect = new Dialect();
    dialect.receive(...messages);
    assert.equal(dialect.socket.closed?.[1], name);
    assert.equal(dialect.isOpen && dialect.call.code !== ResetCode.ProtocolError, false, name);
  }
});

test("a handler that reads nothing stops the socket, and one that goes on lets it go on", () => {
  const dialect = new Dialect();
  dialect.call.consumes = false;
  dialect.receive(HEAD);
  const piece = new Uint8Array(64 * KIB + 1);
  for (let i = 0; i < 4; i++) dialect.receive(piece);
  assert.equal(dialect.socket.isPaused, true);
  dialect.call.consume();
  assert.equal(dialect.socket.isPaused, false);
});

test("a client that reads nothing makes the handler wait, and is given up in the end", () => {
  const dialect = new Dialect({ stallMs: 20_000 });
  dialect.receive(HEAD);
  dialect.socket.isStuck = true;
  const chunk = new Uint8Array(32 * KIB);
  let written = 0;
  for (let round = 0; round < 20; round++) {
    while (dialect.call.exchange.write(chunk, 0, chunk.length)) written += chunk.length;
    dialect.settle();
  }
  assert.ok(dialect.socket.bufferedBytes <= 320 * KIB && written <= 512 * KIB, `${written} bytes`);
  for (const now of [1000, 22_000]) dialect.side.tick(now);
  assert.equal(dialect.call.code, ResetCode.EnhanceYourCalm);
  assert.deepEqual(dialect.socket.closed, [1011, "reset 11"]);
});
