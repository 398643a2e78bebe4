import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Recorder } from "../../test/exchange/recorder.js";
import { untilGone } from "../../test/until-gone.js";
import type { Accept } from "../exchange.js";
import { type Listening, listen } from "./node-listen.js";

const OPTIONS = { timeout: 10_000 };
const accept: Accept = () => new Recorder();

const portOf = ({ address }: Listening): number => Number(address.split(":")[1]);

function connectTo(listening: Listening): Socket {
  return connect(portOf(listening), "127.0.0.1").on("error", () => {});
}

/** What comes until the other side closes. */
async function untilClosed(socket: Socket): Promise<string> {
  let text = "";
  socket.setEncoding("latin1").on("data", (chunk: string) => {
    text += chunk;
  });
  await untilGone(socket);
  return text;
}

/** Answers each request with what it asked for. */
const mirror: Accept = (exchange) => {
  const body = Buffer.from(`${exchange.peer.carrier} ${exchange.verb} ${exchange.authority} ${exchange.path}`);
  exchange.head({ fields: [] });
  exchange.write(body, 0, body.length);
  exchange.end();
  const sink = new Recorder();
  sink.exchange = exchange;
  return sink;
};

for (const [what, request, answer] of [
  ["HTTP/1.1", "GET /a?b HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n", "http1 GET here /a?b"],
  ["HTTP/1.0", "POST /a HTTP/1.0\r\n\r\n", "http1 POST  /a"],
  [
    "HTTP/1.1 through a proxy",
    "GET http://there HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n",
    "http1 GET there /",
  ],
] as const) {
  test(`a request of ${what} is served, however its first line is cut`, OPTIONS, async () => {
    await using listening = await listen({ accept: mirror }, { port: 0 });
    const socket = connectTo(listening);
    const answered = untilClosed(socket);
    for (const byte of request) await new Promise((resolve) => socket.write(byte, resolve));
    const [head = "", body] = (await answered).split("\r\n\r\n");
    assert.match(head, new RegExp(`^HTTP/1\\.1 200 OK\r\ncontent-length: ${answer.length}\r\n`));
    assert.equal(body, answer);
  });
}

test("what is neither HTTP/1 nor HTTP/2 is cut off", OPTIONS, async () => {
  await using listening = await listen({ accept }, { port: 0 });
  for (const noise of ["hello\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n", "x".repeat(20_000)]) {
    const socket = connectTo(listening);
    socket.write(noise);
    assert.equal(await untilClosed(socket), "");
  }
});

test("who says nothing is cut off after the handshake's time", OPTIONS, async () => {
  await using listening = await listen({ accept }, { port: 0 }, { limits: { handshakeMs: 20 } });
  for (const beginning of ["", "PRI * HT"]) {
    const socket = connectTo(listening);
    socket.write(beginning);
    assert.equal(await untilClosed(socket), "");
  }
});

test("connections beyond the limit are closed at once", OPTIONS, async () => {
  await using listening = await listen({ accept }, { port: 0 }, { limits: { maxConnections: 1 } });
  const first = connectTo(listening);
  await once(first, "connect");
  const second = connectTo(listening);
  await untilGone(second);
  assert.equal(first.destroyed, false);
  first.destroy();
});

test("closing ends who has said nothing yet, and frees the port", OPTIONS, async () => {
  const listening = await listen({ accept }, { port: 0 });
  const socket = connectTo(listening);
  await once(socket, "connect");
  const [text] = await Promise.all([untilClosed(socket), listening.close(10_000)]);
  assert.equal(text, "");
  await using again = await listen({ accept }, { port: portOf(listening) });
  assert.equal(again.address, listening.address);
});

test("handlers without a server are refused before the port opens", OPTIONS, async () => {
  const handlers = { getFeature: () => ({}) } as unknown as { accept: Accept };
  await assert.rejects(
    listen(handlers, { port: 0 }),
    /^TypeError: listen\(\) got an object as its server: expected what createServer\(\) gives$/,
  );
});

test("what is no place, no certificate and no option is refused before the port opens", OPTIONS, async () => {
  const server = { accept: () => assert.fail("nobody calls") };
  const untyped = listen as (server: unknown, at: unknown, options?: unknown) => Promise<unknown>;
  const refused = (at: unknown, options: unknown, message: RegExp) =>
    assert.rejects(untyped(server, at, options), message);
  for (const at of [undefined, 50051, {}, { port: "50051" }, { port: 65_536 }, { port: 0, host: 5 }, { path: "" }]) {
    await refused(
      at,
      {},
      /^TypeError: cannot listen: .* expected { port } from 0 to 65535, with a host or without, or { path }$/,
    );
  }
  await refused({ port: 0 }, { engine: "native" }, /^TypeError: engine is "native": expected "own" or "node"$/);
  await refused(
    { port: 0 },
    { tls: {} },
    /^TypeError: tls has undefined as its cert: expected cert and key, or certFile and/,
  );
  await refused({ port: 0 }, { tls: { cert: "pem" } }, /^TypeError: tls has undefined as its key/);
});

test("a taken port is named, with what to do", OPTIONS, async () => {
  await using listening = await listen({ accept }, { port: 0 });
  await assert.rejects(listen({ accept }, { port: portOf(listening) }), {
    message: `${listening.address} is in use: stop what listens there, or choose another port`,
  });
});

test(
  "the file that a crashed server left at a Unix socket's path is replaced, that of a running one is not",
  OPTIONS,
  async () => {
    const path = join(tmpdir(), `routeguide-left-${process.pid}.sock`);
    const crashed = await listen({ accept }, { path: `${path}.first` });
    await assert.rejects(listen({ accept }, { path: `${path}.first` }), /is in use/);
    linkSync(`${path}.first`, path);
    await crashed.close(0);
    assert.equal(existsSync(path), true);
    const next = await listen({ accept }, { path });
    assert.equal(next.address, `unix:${path}`);
    await next.close(0);
    writeFileSync(path, "not a socket");
    await assert.rejects(listen({ accept }, { path }), /^Error: cannot listen on .*: what is there is no socket$/);
    assert.equal(readFileSync(path, "utf8"), "not a socket");
    rmSync(path);
  },
);

test("a Unix socket's path that cannot be is refused with what is wrong with it", OPTIONS, async () => {
  await assert.rejects(listen({ accept }, { path: "/no/such/folder/grpc.sock" }), {
    message: "cannot listen on /no/such/folder/grpc.sock: its folder is not there, or does not allow it",
  });
  await assert.rejects(listen({ accept }, { path: join(tmpdir(), "x".repeat(300)) }), /at most \d+ bytes$/);
});

test("a port can be shared where Node can, and else says which can", OPTIONS, async () => {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const can = major > 23 || (major === 23 && minor >= 1) || (major === 22 && minor >= 12);
  const first = listen({ accept }, { port: 0 }, { reusePort: true });
  if (!can) {
    await assert.rejects(first, /sharing a port needs Node 22\.12 or 23\.1/);
    return;
  }
  await using one = await first;
  await using two = await listen({ accept }, { port: portOf(one) }, { reusePort: true });
  assert.equal(one.address, two.address);
});
