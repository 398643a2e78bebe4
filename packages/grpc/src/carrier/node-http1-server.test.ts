import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { test } from "node:test";
import { connect as connectTls } from "node:tls";
import { makeAuthority, makeCertificate } from "../../test/certificates.js";
import { Recorder } from "../../test/exchange/recorder.js";
import type { Accept, Peer } from "../exchange.js";
import { type Listening, type ListenOptions, listen } from "./node-listen.js";

const OPTIONS = { timeout: 10_000 };

/** A server of HTTP/1.1, and what it was asked. */
class Served implements AsyncDisposable {
  readonly requests: Recorder[] = [];
  readonly #answers: (request: Recorder) => void;
  #listening: Listening | undefined;
  #arrived: (() => void)[] = [];

  constructor(answers: (request: Recorder) => void) {
    this.#answers = answers;
  }

  /** @param answers is called within accept() */
  static async open(options: ListenOptions = {}, answers: (request: Recorder) => void = () => {}): Promise<Served> {
    const served = new Served(answers);
    served.#listening = await listen({ accept: served.#accept }, { port: 0 }, options);
    return served;
  }

  get listening(): Listening {
    assert.ok(this.#listening);
    return this.#listening;
  }

  get port(): number {
    return Number(this.listening.address.split(":")[1]);
  }

  connect(): Socket {
    return connect(this.port, "127.0.0.1").on("error", () => {});
  }

  async request(index = 0): Promise<Recorder> {
    while (this.requests[index] === undefined) await new Promise<void>((resolve) => this.#arrived.push(resolve));
    return this.requests[index] as Recorder;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.listening.close(0);
  }

  readonly #accept: Accept = (exchange) => {
    const request = new Recorder();
    request.exchange = exchange;
    this.requests.push(request);
    this.#answers(request);
    for (const resolve of this.#arrived.splice(0)) resolve();
    return request;
  };
}

/** Answers with the path, once the request has ended. */
const echoPath = (request: Recorder) =>
  void request.untilEnd().then(() => {
    const body = Buffer.from(`[${request.exchange.path}]`);
    request.exchange.head({ fields: [] });
    request.exchange.write(body, 0, body.length);
    request.exchange.end();
  });

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: here\r\n\r\n`;
const UPLOAD = "POST /up HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n";

class Received {
  text = "";
  readonly closed: Promise<unknown>;
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.closed = new Promise((resolve) => socket.once("close", resolve));
    socket.setEncoding("latin1").on("data", (chunk: string) => {
      this.text += chunk;
    });
  }

  async until(part: string): Promise<void> {
    while (!this.text.includes(part)) await once(this.#socket, "data");
  }
}

test(
  "a connection takes one request after the other, and several that came at once in their order",
  OPTIONS,
  async () => {
    await using served = await Served.open({}, echoPath);
    const socket = served.connect();
    const received = new Received(socket);
    socket.write(get("/1"));
    await received.until("[/1]");
    socket.write(get("/2") + get("/3") + get("/4"));
    await received.until("[/4]");
    assert.deepEqual(received.text.match(/\[\/\d\]/g), ["[/1]", "[/2]", "[/3]", "[/4]"]);
  },
);

test("more requests at once than are allowed close the connection", OPTIONS, async () => {
  await using served = await Served.open({ http1Limits: { maxPipelined: 3 } });
  const socket = served.connect();
  const received = new Received(socket);
  socket.write(get("/1") + get("/2") + get("/3") + get("/4"));
  await received.closed;
  assert.equal(served.requests.length, 3);
  assert.equal(received.text, "");
});

test("a request that is answered before it has ended is stopped, and nothing behind it is read", OPTIONS, async () => {
  await using served = await Served.open();
  const socket = served.connect();
  const received = new Received(socket);
  socket.write(`${UPLOAD}3\r\nabc\r\n`);
  const request = await served.request();
  await request.untilBytes(3);
  request.exchange.end({ fields: ["grpc-status", "8"] });
  await received.until("\r\n\r\n");
  assert.match(received.text, /grpc-status: 8\r\n/);
  assert.match(received.text, /connection: close\r\n/i);
  socket.write(`0\r\n\r\n${get("/next")}`);
  await received.closed;
  assert.equal(served.requests.length, 1);
});

test("who does not stop sending is cut off after a while", OPTIONS, async () => {
  await using served = await Served.open({ limits: { lingerMs: 20 } });
  const socket = connect({ port: served.port, allowHalfOpen: true }).on("error", () => {});
  const received = new Received(socket);
  socket.write(`${UPLOAD}3\r\nabc\r\n`);
  const request = await served.request();
  request.exchange.end({ fields: [] });
  await received.until("\r\n\r\n");
  // The other side has ended, and this one has not.
  if (!socket.readableEnded) await once(socket, "end");
  while (!socket.destroyed) {
    socket.write("1\r\nx\r\n");
    await Promise.race([received.closed, new Promise((resolve) => setImmediate(resolve))]);
  }
});

test("a body that stops coming is given up, and so is one who takes nothing of the answer", OPTIONS, async () => {
  await using served = await Served.open({ limits: { stallMs: 30 } });
  const slow = served.connect();
  const received = new Received(slow);
  slow.write(`${UPLOAD}3\r\nabc\r\n`);
  assert.equal(await (await served.request()).untilClosed(), -1);
  await received.closed;
  const stalled = served.connect();
  stalled.pause();
  stalled.write(get("/big"));
  const request = await served.request(1);
  request.exchange.head({ fields: [] });
  const megabyte = new Uint8Array(1_000_000);
  for (let i = 0; i < 20; i++) request.exchange.write(megabyte, 0, megabyte.length);
  assert.equal(await request.untilClosed(), -1);
  stalled.destroy();
});

test("an answer may be longer in coming than a request may be silent", OPTIONS, async () => {
  await using served = await Served.open({ limits: { stallMs: 20 } });
  const waiting = served.connect();
  const received = new Received(waiting);
  waiting.write(get("/late"));
  const late = await served.request();
  const silent = served.connect();
  silent.write(`${UPLOAD}3\r\nabc\r\n`);
  // Three stalls in a row are given up, one after the other; the first request outlasts them.
  for (let i = 1; i <= 3; i++) {
    await (await served.request(i)).untilClosed();
    served.connect().write(`${UPLOAD}3\r\nabc\r\n`);
  }
  late.exchange.head({ fields: [] });
  late.exchange.end({ fields: [] });
  await received.until("\r\n0\r\n");
  waiting.destroy();
});

test("a head that is too slow, too long or has too many fields is refused", OPTIONS, async () => {
  await using served = await Served.open({ http1Limits: { headMs: 30 }, limits: { maxHeaderFields: 5 } });
  const slow = new Received(
    served.connect().on("connect", function (this: Socket) {
      this.write("GET / HTTP/1.1\r\nHost: here\r\nx-slow");
    }),
  );
  await slow.closed;
  for (const fields of ["x: ".padEnd(20_000, "y"), Array.from({ length: 6 }, (_, i) => `x${i}: 1`).join("\r\n")]) {
    const socket = served.connect();
    const received = new Received(socket);
    socket.write(`GET / HTTP/1.1\r\nHost: here\r\n${fields}\r\n\r\n`);
    await received.closed;
    assert.match(received.text, /^HTTP\/1\.1 431 /);
  }
  assert.equal(served.requests.length, 0);
});

test("a connection without a request is closed after a while", OPTIONS, async () => {
  await using served = await Served.open({ http1Limits: { keepAliveMs: 20 } }, echoPath);
  const socket = served.connect();
  const received = new Received(socket);
  socket.write(get("/1"));
  await received.closed;
  assert.match(received.text, /\[\/1\]$/);
});

test("what is no HTTP after its first line is answered with 400", OPTIONS, async () => {
  await using served = await Served.open();
  const socket = served.connect();
  const received = new Received(socket);
  socket.write("GET / HTTP/1.1\r\nno field\r\n\r\n");
  await received.closed;
  assert.match(received.text, /^HTTP\/1\.1 400 /);
});

test(
  "closing ends idle connections at once, and lets requests end, which say that they are the last",
  OPTIONS,
  async () => {
    const served = await Served.open();
    const idle = new Received(served.connect());
    const socket = served.connect();
    const busy = new Received(socket);
    socket.write(get("/1"));
    const request = await served.request();
    const closed = served.listening.close(5000);
    await idle.closed;
    request.exchange.head({ fields: [] });
    request.exchange.end();
    await Promise.all([closed, busy.closed]);
    assert.match(busy.text, /connection: close/i);
  },
);

test("a client over TLS that asks for HTTP/1.1 gets it, and the handler sees its certificate", OPTIONS, async () => {
  const authority = makeAuthority("the authority");
  const { cert, key } = makeCertificate("the server", authority);
  let peer: Peer | undefined;
  await using served = await Served.open({ tls: { cert, key, clientCa: authority.cert } }, (request) => {
    peer = request.exchange.peer;
    echoPath(request);
  });
  const socket = connectTls({
    port: served.port,
    ca: authority.cert,
    ...makeCertificate("the client", authority),
    ALPNProtocols: ["http/1.1"],
  });
  const received = new Received(socket);
  await once(socket, "secureConnect");
  assert.equal(socket.alpnProtocol, "http/1.1");
  socket.write(get("/secure"));
  await received.until("[/secure]");
  assert.equal(peer?.carrier, "http1");
  assert.equal(peer.secure, true);
  assert.ok(peer.certificate() !== undefined);
  socket.destroy();
});
