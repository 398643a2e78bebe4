/** npm run measure:idle: what connections and streams cost a server while nothing happens on them. */
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { count, program, readOptions } from "../command-line.js";
import { callHeaders, HELLO } from "../raw-frames.js";
import { ServerProcess } from "../server-process.js";
import { PRODUCT } from "../servers.js";
import type { Holdings } from "../usage-hook.js";

const USAGE = `npm run measure:idle -- [--connections 10000] [--streams 100000]

Opens idle connections to a server of bare sockets and to routeguide serve, and idle streams to the engine alone and to
routeguide serve. Prints what each costs the server. Only 127.0.0.1 is contacted.`;

const POLL_MS = 200;
/** What one connection may have open. */
const STREAMS_A_CONNECTION = 1000;
/** Connections that are opened at a time: a backlog holds no more. */
const AT_ONCE = 200;

await program(async () => {
  const options = readOptions({
    connections: { type: "string", default: "10000" },
    streams: { type: "string", default: "100000" },
    help: { type: "boolean", default: false },
  });
  if (options.help) console.log(USAGE);
  else await measureIdle(count("connections", options.connections), count("streams", options.streams));
});

/** What something has cost: bytes each, by two measures. */
interface Cost {
  readonly held: number;
  readonly resident: number;
}

async function measureIdle(connections: number, streams: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "routeguide-idle-"));
  try {
    const places = join(folder, "places.json");
    writeFileSync(places, "[]");
    const serve = () =>
      ServerProcess.start(
        PRODUCT.script,
        PRODUCT.args.map((arg) => arg.replaceAll("{places}", places)),
      );
    const local = (name: string) =>
      ServerProcess.start(fileURLToPath(new URL(`${name}.js`, import.meta.url)), ["--port", "{port}"]);

    const bare = await costOf(await local("bare-server"), connections, 0);
    const connection = await costOf(await serve(), connections, 0);
    const engine = await costOf(await local("engine-server"), streams, STREAMS_A_CONNECTION);
    const chat = await costOf(await serve(), streams, STREAMS_A_CONNECTION);
    console.log(`Node ${process.version}, ${connections} idle connections, ${streams} idle streams, bytes each`);
    console.log(row("", "heap and buffers", "resident memory"));
    console.log(row("a bare socket", ...texts(bare)));
    console.log(row("a connection", ...texts(connection)));
    console.log(row("- beyond the socket", ...texts(minus(connection, bare))));
    console.log(row("a stream, in the engine", ...texts(engine)));
    console.log(row("a RouteChat that waits", ...texts(chat)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Opens so many connections, or streams if there are some on each; the server is stopped afterwards. */
async function costOf(server: ServerProcess, count: number, streamsEach: number): Promise<Cost> {
  await using _ = server;
  const connections = streamsEach === 0 ? count : Math.ceil(count / streamsEach);
  const open = (streams: number) => openAll(server.port, connections, streams);
  // Once for nothing: code is compiled and pools are filled. Streams are measured against their connections.
  await closeAll(await openAll(server.port, Math.min(connections, AT_ONCE), streamsEach));
  await until(server, ({ sockets }) => sockets === 0);
  const empty = streamsEach === 0 ? [] : await open(0);
  const before = await until(server, ({ sockets }) => sockets === empty.length);
  await closeAll(empty);
  await until(server, ({ sockets }) => sockets === 0);
  const sockets = await open(streamsEach);
  const after = await until(
    server,
    (now) => now.sockets === connections && now.h2Streams === streamsEach * connections,
  );
  await closeAll(sockets);
  const each = (bytes: (holdings: Holdings) => number) => (bytes(after) - bytes(before)) / count;
  return {
    held: each(({ heapBytes, externalBytes }) => heapBytes + externalBytes),
    resident: each(({ residentBytes }) => residentBytes),
  };
}

async function openAll(port: number, count: number, streams: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  while (sockets.length < count) {
    const more = Array.from({ length: Math.min(AT_ONCE, count - sockets.length) }, () => openOne(port, streams));
    sockets.push(...(await Promise.all(more)));
  }
  return sockets;
}

/** Opens a connection with so many streams that have brought no message yet. */
async function openOne(port: number, streams: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.on("data", () => {});
  const opened = Array.from({ length: streams }, (_, i) => callHeaders(2 * i + 1, "RouteChat"));
  socket.write(Buffer.concat([HELLO, ...opened]));
  return socket;
}

async function closeAll(sockets: readonly Socket[]): Promise<void> {
  const closed = sockets.map((socket) => once(socket, "close"));
  for (const socket of sockets) socket.destroy();
  await Promise.all(closed);
}

/** What the server holds once this is so. */
async function until(server: ServerProcess, isSo: (holdings: Holdings) => boolean): Promise<Holdings> {
  for (;;) {
    const holdings = await server.holdings();
    if (isSo(holdings)) return holdings;
    // The server accepts a connection each time around its loop, and not while it collects garbage.
    await delay(POLL_MS);
  }
}

function minus(cost: Cost, base: Cost): Cost {
  return { held: cost.held - base.held, resident: cost.resident - base.resident };
}

function texts({ held, resident }: Cost): [string, string] {
  return [held, resident].map((bytes) => Math.round(bytes).toLocaleString("en")) as [string, string];
}

function row(title: string, ...cells: readonly string[]): string {
  return `${title.padEnd(26)}${cells.map((cell) => cell.padStart(18)).join("")}`;
}
