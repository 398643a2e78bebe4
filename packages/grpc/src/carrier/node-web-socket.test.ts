import assert from "node:assert/strict";
import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import { test } from "node:test";
import { type RawData, WebSocket } from "ws";
import { Recorder } from "../../test/exchange/recorder.js";
import { untilGone } from "../../test/until-gone.js";
import { head } from "../../test/web-socket-peer.js";
import type { Accept } from "../exchange.js";
import { GRPC_WEBSOCKETS } from "./grpc-websockets.js";
import { type Listening, listen } from "./node-listen.js";
import { type WebSocketOptions, webSocket } from "./node-web-socket.js";
import { SUBPROTOCOL } from "./web-socket-wire.js";

const OPTIONS = { timeout: 10_000 };

class Served implements AsyncDisposable {
  readonly requests: Recorder[] = [];
  readonly #listening: Listening;

  private constructor(listening: Listening, requests: Recorder[]) {
    this.#listening = listening;
    this.requests = requests;
  }

  static async open(options: WebSocketOptions = {}): Promise<Served> {
    const requests: Recorder[] = [];
    const accept: Accept = (exchange) => {
      const request = new Recorder();
      request.exchange = exchange;
      requests.push(request);
      exchange.head({ fields: ["x-answer", exchange.path] }, 200);
      exchange.end();
      return request;
    };
    return new Served(await listen({ accept }, { port: 0 }, { upgrades: [webSocket(options)] }), requests);
  }

  get address(): string {
    return this.#listening.address;
  }

  socket(protocols: string[] = [SUBPROTOCOL], headers: Record<string, string> = {}): WebSocket {
    return new WebSocket(`ws://${this.address}/`, protocols, { headers });
  }

  /** What a WebSocket is answered with that is refused. */
  async refusal(protocols?: string[], headers?: Record<string, string>): Promise<{ status: number; text: string }> {
    const socket = this.socket(protocols, headers);
    const [, response] = (await once(socket, "unexpected-response")) as [unknown, IncomingMessage];
    let text = "";
    for await (const chunk of response) text += chunk;
    return { status: response.statusCode ?? 0, text };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listening.close(0);
  }
}

async function closeOf(socket: WebSocket): Promise<[number, string]> {
  const [code, reason] = (await once(socket, "close")) as [number, Buffer];
  return [code, reason.toString()];
}

/** What is beneath, for frames that the package ws does not send. */
const rawOf = (socket: WebSocket) => (socket as unknown as { _socket: Socket })._socket;

async function opened(socket: WebSocket): Promise<WebSocket> {
  await once(socket, "open");
  return socket;
}

test("pages of other hosts are refused, those of the server's own and those allowed are not", OPTIONS, async () => {
  await using served = await Served.open({ origins: ["https://allowed.example"] });
  const { status, text } = await served.refusal(undefined, { origin: "https://evil.example" });
  assert.equal(status, 403);
  assert.equal(text, "Pages of https://evil.example may not connect to this server.\n");
  assert.equal((await served.refusal(undefined, { origin: "null" })).status, 403);
  for (const origin of ["https://allowed.example", `http://${served.address}`, `https://${served.address}`]) {
    (await opened(served.socket(undefined, { origin }))).close();
  }
  (await opened(served.socket())).close();
  await using open = await Served.open({ origins: "*" });
  (await opened(open.socket(undefined, { origin: "https://evil.example" }))).close();
});

test("a WebSocket without a subprotocol of ours is refused, and told which there are", OPTIONS, async () => {
  await using served = await Served.open();
  const { status, text } = await served.refusal(["chat"]);
  assert.equal(status, 400);
  assert.match(text, /routeguide\.grpc\.v1, grpc-websockets/);
  assert.equal((await served.refusal([])).status, 400);
});

test("WebSockets beyond the limit are refused until one has closed", OPTIONS, async () => {
  await using served = await Served.open({ limits: { maxSockets: 1 } });
  const first = await opened(served.socket());
  assert.equal((await served.refusal()).status, 503);
  first.close();
  await closeOf(first);
  for (;;) {
    const next = served.socket();
    next.on("error", () => {});
    const opens = new Promise<boolean>((resolve) => next.once("open", () => resolve(true)));
    if ((await Promise.race([opens, untilGone(next)])) === true) break;
  }
});

test("a message that is declared too large is refused before it comes", OPTIONS, async () => {
  await using served = await Served.open();
  for (const protocol of [SUBPROTOCOL, GRPC_WEBSOCKETS]) {
    const socket = await opened(served.socket([protocol]));
    // The beginning of a message of 2^40 bytes.
    rawOf(socket).write(Uint8Array.of(0x82, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 1, 2, 3, 4));
    assert.equal((await closeOf(socket))[0], 1009);
  }
});

test("what sockets have brought of messages in part is bounded, and small messages pass", OPTIONS, async () => {
  const requests: Recorder[] = [];
  const accept: Accept = (exchange) => {
    const request = new Recorder();
    request.exchange = exchange;
    requests.push(request);
    return request;
  };
  const upgrades = [webSocket({ limits: { maxHeldBytes: 1024 * 1024 } })];
  await using listening = await listen({ accept }, { port: 0 }, { upgrades });
  const open = async () => {
    const socket = await opened(new WebSocket(`ws://${listening.address}/`, GRPC_WEBSOCKETS));
    socket.send(Buffer.from("content-type: application/grpc-web\r\n"));
    return socket;
  };
  // All but the end of a message of 3 MiB: fine alone.
  const half = Buffer.alloc(14 + 700_000);
  half.set([0x82, 0xff, 0, 0, 0, 0, 0, 0x30, 0, 0]);
  const sockets = await Promise.all([open(), open()]);
  const closed = Promise.race(sockets.map(async (socket) => ({ socket, close: await closeOf(socket) })));
  for (const socket of sockets) rawOf(socket).write(half);
  const { socket, close } = await closed;
  assert.deepEqual(close, [1013, "held_bytes"]);
  const other = sockets.find((one) => one !== socket);
  assert.equal(other?.readyState, WebSocket.OPEN);
  const small = await open();
  small.send(Uint8Array.of(0, 1, 2, 3));
  small.send(Uint8Array.of(1));
  while (requests.length < 3) await new Promise(setImmediate);
  await requests[2]?.untilEnd();
  for (const one of [other, small]) one.terminate();
});

test("a socket that does nothing but answer pings holds nothing, however long", OPTIONS, async () => {
  await using served = await Served.open({ limits: { maxHeldBytes: 0 } });
  const socket = await opened(served.socket());
  const closed = closeOf(socket);
  for (let i = 0; i < 10_000; i++) socket.pong(Buffer.alloc(100));
  socket.send("the end");
  assert.deepEqual(await closed, [1003, "text_message"]);
});

test("text messages and floods of pings close the socket", OPTIONS, async () => {
  await using served = await Served.open({ limits: { pings: 5, pingsPerSecond: 0 } });
  const text = await opened(served.socket());
  text.send("hello");
  assert.deepEqual(await closeOf(text), [1003, "text_message"]);
  const pinging = await opened(served.socket());
  let pongs = 0;
  pinging.on("pong", () => pongs++);
  for (let i = 0; i < 6; i++) pinging.ping();
  assert.deepEqual(await closeOf(pinging), [1008, "too_many_pings"]);
  assert.equal(pongs, 5);
});

test("broken frames of WebSocket itself close the socket", OPTIONS, async () => {
  await using served = await Served.open();
  const socket = await opened(served.socket());
  // Not masked, which clients must.
  rawOf(socket).write(Uint8Array.of(0x82, 0x01, 0x00));
  assert.equal((await closeOf(socket))[0], 1002);
});

test("messages are not compressed, though the client offers it", OPTIONS, async () => {
  await using served = await Served.open();
  const socket = await opened(served.socket());
  assert.equal(socket.extensions, "");
  socket.close();
});

test("a request that asks for a protocol which nobody here speaks is a plain one", OPTIONS, async () => {
  await using served = await Served.open();
  const [hostname, port] = served.address.split(":");
  const headers = {
    connection: "Upgrade, HTTP2-Settings",
    upgrade: "h2c",
    "http2-settings": "",
    "content-length": "3",
  };
  const request = httpRequest({ hostname, port, path: "/plain", method: "POST", headers }).end("abc");
  const [response] = (await once(request, "response")) as [IncomingMessage];
  assert.equal(response.statusCode, 200);
  assert.equal(response.headers["x-answer"], "/plain");
  response.resume();
  await once(response, "end");
});

test("a handshake behind a request that has no answer yet closes the connection", OPTIONS, async () => {
  const request = new Recorder();
  const accept: Accept = (exchange) => {
    request.exchange = exchange;
    return request;
  };
  await using listening = await listen({ accept }, { port: 0 }, { upgrades: [webSocket()] });
  const socket = connect(Number(listening.address.split(":")[1]), "127.0.0.1");
  const upgrade = "GET / HTTP/1.1\r\nhost: here\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n";
  socket.on("error", () => {});
  socket.write(`GET /slow HTTP/1.1\r\nhost: here\r\n\r\n${upgrade}`);
  await untilGone(socket);
  await request.untilClosed();
});

test("the first message says how many calls the server takes, and a call is answered in one", OPTIONS, async () => {
  await using served = await Served.open({ limits: { maxCalls: 7 } });
  const socket = served.socket();
  const messages: Buffer[] = [];
  const answered = new Promise<void>((resolve) => {
    socket.on("message", (data: RawData) => {
      messages.push(data as Buffer);
      if (messages.length === 2) resolve();
    });
  });
  await opened(socket);
  socket.send(head(1, "/a.B/C"));
  await answered;
  assert.deepEqual([...(messages[0] ?? [])], [0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 7]);
  assert.match(messages[1]?.toString("latin1") ?? "", /200\r\nx-answer: \/a\.B\/C\r\n/);
  socket.close();
});

test("a window smaller than what each call begins with is refused", () => {
  assert.throws(() => webSocket({ limits: { windowBytes: 1000 } }), {
    message: "windowBytes is 1000: expected at least 65,536, which every call begins with",
  });
});
