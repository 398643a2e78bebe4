import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Recorder } from "../../test/exchange/recorder.js";
import type { Accept, Connection, Transport } from "../exchange.js";
import { type DialOptions, dial } from "./node-dial.js";
import { type Listening, listen } from "./node-listen.js";
import type { ListenAt } from "./node-listener.js";
import type { DialTarget } from "./node-target.js";

const OPTIONS = { timeout: 10_000 };
const HEAD = { fields: ["content-type", "application/grpc", "te", "trailers"] };

/** A server that says who it is in its trailers, once the request has ended. */
async function serve(name: string, at: ListenAt = { port: 0 }, engine: "own" | "node" = "own"): Promise<Listening> {
  const accept: Accept = (exchange) => {
    const request = new Recorder();
    request.exchange = exchange;
    exchange.head({ fields: [] });
    void request.untilEnd().then(() => exchange.end({ fields: ["grpc-status", "0", "server", name] }));
    return request;
  };
  return listen({ accept }, at, { engine });
}

const url = (listening: Listening): DialTarget =>
  listening.address.startsWith("unix:") ? (listening.address as DialTarget) : `http://${listening.address}`;

/** Opens an exchange and leaves it open. */
function open(connection: Connection): Recorder {
  const response = new Recorder();
  response.exchange = connection.open("/test.Service/Who", HEAD, response);
  return response;
}

/** Ends the request, and resolves to the name of who answers. */
async function answer(response: Recorder): Promise<string | undefined> {
  response.exchange.end();
  assert.equal(await response.untilClosed(), undefined);
  return response.trailers?.at(-1);
}

async function who(transport: Transport, waitForReady = false): Promise<string | undefined> {
  return answer(open(await transport.connection(waitForReady)));
}

/** A port on which nothing listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** A server that answers whatever comes first with this, and hangs up. */
function answering(text: string): Server {
  return createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.end(text, "latin1"));
  });
}

async function addressOf(server: Server): Promise<string> {
  await once(server.listen(0, "127.0.0.1"), "listening");
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

for (const engine of ["own", "node"] as const) {
  const options: DialOptions = { engine };

  test(`${engine}: a transport connects with its first call and keeps the connection`, OPTIONS, async () => {
    await using server = await serve("a", { port: 0 }, engine);
    await using transport = dial(url(server), options);
    assert.equal(await who(transport), "a");
    const connection = transport.connection(false);
    assert.ok(!(connection instanceof Promise));
    assert.equal(connection.peer.address, server.address);
    assert.equal(await who(transport), "a");
    assert.equal(transport.connection(false), connection);
  });

  test(`${engine}: Unix sockets work as ports do`, OPTIONS, async () => {
    const path = join(tmpdir(), `routeguide-${process.pid}-${engine}.sock`);
    await using server = await serve("unix", { path }, engine);
    assert.equal(server.address, `unix:${path}`);
    await using transport = dial(url(server), options);
    assert.equal(await who(transport), "unix");
  });

  test(`${engine}: a refused connection says host, port and reason`, OPTIONS, async () => {
    const port = await freePort();
    await using transport = dial(`http://127.0.0.1:${port}`, options);
    const message = `nothing listens on 127.0.0.1:${port}`;
    await assert.rejects(async () => transport.connection(false), { message });
    await assert.rejects(async () => transport.connection(false), { message });
  });

  test(`${engine}: a call can wait for its server to come up`, OPTIONS, async () => {
    const port = await freePort();
    await using transport = dial(`http://127.0.0.1:${port}`, { ...options, backoff: { initialMs: 10, maxMs: 20 } });
    const waiting = who(transport, true);
    await assert.rejects(async () => transport.connection(false));
    await using _server = await serve("late", { port }, engine);
    assert.equal(await waiting, "late");
  });

  test(
    `${engine}: calls outlive a server that is replaced: running ones end, new ones go to the new one`,
    OPTIONS,
    async () => {
      const before = await serve("before", { port: 0 }, engine);
      await using transport = dial(url(before), options);
      assert.equal(await who(transport), "before");
      const old = await transport.connection(false);
      const running = open(old);
      await running.untilHead();
      const closing = before.close(5000);
      await using _after = await serve("after", { port: Number(before.address.split(":")[1]) }, engine);
      while (old.openable > 0) await new Promise(setImmediate);
      assert.equal(await who(transport), "after");
      assert.equal(await answer(running), "before");
      await closing;
      assert.equal(await who(transport, true), "after");
    },
  );

  test(`${engine}: what speaks no HTTP/2 is named, and what it may be instead`, OPTIONS, async () => {
    const silent = "closed the connection without a word";
    // node:http2 shows nobody what has come, and waits for more than an alert of TLS has.
    for (const [text, own, node] of [
      ["HTTP/1.1 400 Bad Request\r\n\r\n", "answered with HTTP/1, not with HTTP/2", "does not answer in HTTP/2"],
      ["\x15\x03\x01\0\x02\x02\x46", "answered with TLS, not with HTTP/2", silent],
      ["SSH-2.0-server\r\n", "answered with something else, not with HTTP/2", "does not answer in HTTP/2"],
      ["", silent, silent],
    ] as const) {
      await using server = answering(text);
      const where = await addressOf(server);
      await using transport = dial(`http://${where}`, options);
      const said = engine === "own" ? own : node;
      const message = `${where} ${said}: it may be no gRPC server, or want TLS (https://)`;
      await assert.rejects(async () => transport.connection(false), { message });
    }
  });

  test(`${engine}: what speaks no TLS says so when it is called through TLS`, OPTIONS, async () => {
    await using server = answering("HTTP/1.1 400 Bad Request\r\n\r\n");
    const where = await addressOf(server);
    await using transport = dial(`https://${where}`, options);
    const message = `${where} does not speak TLS: write http:// to call it in cleartext`;
    await assert.rejects(async () => transport.connection(false), { message });
  });
}

test("several connections take calls by turns", OPTIONS, async () => {
  await using server = await serve("a");
  await using transport = dial(url(server), { connections: 3 });
  for (let i = 0; i < 12; i++) await who(transport, true);
  const used = new Set<Connection>();
  while (used.size < 3) used.add(await transport.connection(true));
  const three = [await transport.connection(true), await transport.connection(true), await transport.connection(true)];
  assert.equal(new Set(three).size, 3);
});

test("pick_first takes the first address that answers", OPTIONS, async () => {
  await using second = await serve("second");
  await using third = await serve("third");
  const dead: DialTarget = `http://127.0.0.1:${await freePort()}`;
  await using transport = dial([dead, url(second), url(third)]);
  for (let i = 0; i < 3; i++) assert.equal(await who(transport), "second");
});

test("round_robin gives calls to all addresses that answer, and leaves out one that does not", OPTIONS, async () => {
  await using a = await serve("a");
  const b = await serve("b");
  await using transport = dial([url(a), url(b)], { balance: "round_robin" });
  const names = new Set<string | undefined>();
  while (names.size < 2) names.add(await who(transport, true));
  const four = [await who(transport), await who(transport), await who(transport), await who(transport)];
  assert.deepEqual(four.sort(), ["a", "a", "b", "b"]);
  await b.close(1000);
  const connection = await transport.connection(true);
  while (connection.peer.address === b.address && connection.openable > 0) await new Promise(setImmediate);
  for (let i = 0; i < 4; i++) assert.equal(await who(transport, true), "a");
});

test("round_robin looks hosts up", OPTIONS, async () => {
  await using server = await serve("local");
  await using transport = dial(`http://localhost:${server.address.split(":")[1]}` as DialTarget, {
    balance: "round_robin",
  });
  assert.equal(await who(transport, true), "local");
});

test("a disposed transport takes no calls", OPTIONS, async () => {
  await using server = await serve("a");
  const transport = dial(url(server));
  await who(transport);
  await transport[Symbol.asyncDispose]();
  await assert.rejects(async () => transport.connection(true), /closed/);
});

test("a target of another form is refused with the forms there are", () => {
  for (const target of ["localhost:50051", "ftp://host", "http://host/path", "unix:", "http://", undefined, 50051]) {
    assert.throws(() => dial(target as DialTarget), /write http:\/\/host:port, https:\/\/host:port or unix:path/);
  }
});

test("a URL is as good as its text", OPTIONS, async () => {
  await using server = await serve("a");
  await using transport = dial(new URL(url(server)) as unknown as DialTarget);
  assert.equal(await who(transport), "a");
});
