/** npm run soak: many connections that do what clients do, good and bad, until the time is over; then nothing may be left. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { count, oneOf, positive, program, readOptions } from "../command-line.js";
import { ServerProcess } from "../server-process.js";
import { PRODUCT } from "../servers.js";
import type { Holdings } from "../usage-hook.js";
import type { Host } from "./act.js";
import { CALLS } from "./calls.js";
import { Tally } from "./tally.js";
import { ACTS, Visitor } from "./visitor.js";
import { makeWorld } from "./world.js";

const USAGE = `npm run soak -- [--minutes 10 | --seconds 30] [--connections 200] [--seed 1] [--engine own|node]

Starts routeguide serve and keeps it busy with calls of all kinds, cancels, deadlines, slow readers, silent streams, resets,
broken frames and disconnects. Each reply is checked. Afterwards the server must hold what it held before, serve, and stop
when it is told to. Only 127.0.0.1 is contacted.`;

const MIB = 2 ** 20;
/**
 * What the server may hold more of at the end than after a short soak that has filled its board of notes, its pool of buffers and
 * the compiler's tables. A stream that stays costs 3 KiB and a connection 8: of the many thousands there were, these bounds let
 * none in ten stay even if nobody counted them. Resident memory also has what the allocators keep for later.
 */
const MAY_GROW = { heapBytes: 3 * MIB, externalBytes: 4 * MIB, residentBytes: 64 * MIB };
/** The board is full after the warm-up, so that notes are not taken for a leak. */
const FEW_NOTES = ["--max-notes", "2000", "--max-total-note-bytes", "2097152"];
/** How long the server may take to notice that all are gone. */
const SETTLE_MS = 10_000;

/** What the command line says. */
interface Plan {
  readonly seconds: number;
  readonly connections: number;
  readonly seed: number;
  readonly engine: "own" | "node";
}

await program(async () => {
  const options = readOptions({
    minutes: { type: "string", default: "10" },
    seconds: { type: "string" },
    connections: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    engine: { type: "string", default: "own" },
    help: { type: "boolean", default: false },
  });
  if (options.help) {
    console.log(USAGE);
    return;
  }
  const minutes = positive("minutes", options.minutes);
  await soakServer({
    seconds: options.seconds === undefined ? 60 * minutes : positive("seconds", options.seconds),
    connections: count("connections", options.connections),
    seed: count("seed", options.seed),
    engine: oneOf("engine", options.engine, ["own", "node"]),
  });
});

async function soakServer({ seconds, connections, seed, engine }: Plan): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "routeguide-soak-"));
  try {
    const world = makeWorld();
    const places = join(folder, "places.json");
    writeFileSync(places, JSON.stringify(world.features));
    await using server = await startServer(places, engine);
    const host: Host = { port: server.port, engine };
    const soak = (tally: Tally, seconds: number, seed: number) =>
      Promise.all(
        Array.from({ length: connections }, (_, i) =>
          new Visitor(host, world, seed + i).keepBusy(tally, performance.now() + seconds * 1000),
        ),
      );
    console.log(`${connections} connections for ${seconds} s, seed ${seed}`);
    await soak(new Tally(), Math.min(30, Math.max(5, seconds / 10)), seed + 1_000_000);
    const before = await settled(server);
    const tally = new Tally();
    await soak(tally, seconds, seed);
    for (const act of ACTS) tally.report(act.name);
    await checkEnd(server, tally, before, new Visitor(host, world, seed + 2_000_000));
    console.log(tally.closingLine());
    process.exitCode = tally.failed === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function startServer(places: string, engine: string): Promise<ServerProcess> {
  const args = PRODUCT.args.map((arg) => arg.replaceAll("{places}", places));
  return ServerProcess.start(PRODUCT.script, [...args, ...FEW_NOTES, "--engine", engine]);
}

/** What the server holds once all have gone, or when it has had the time to notice. */
async function settled(server: ServerProcess): Promise<Holdings> {
  const end = performance.now() + SETTLE_MS;
  for (;;) {
    await delay(500);
    const holdings = await server.holdings();
    if ((holdings.sockets === 0 && holdings.h2Streams === 0) || performance.now() > end) return holdings;
  }
}

async function checkEnd(server: ServerProcess, tally: Tally, before: Holdings, visitor: Visitor): Promise<void> {
  const after = await settled(server);
  tally.check("no socket is left", after.sockets === 0, `${after.sockets}`);
  tally.check("no stream is left", after.h2Streams === 0, `${after.h2Streams}`);
  // A class's own prototype may be among them.
  const connections = after.h2Connections - before.h2Connections;
  tally.check("no connection is left", connections <= 0, `${connections}`);
  tally.check("no timer is left", after.timers <= before.timers, `${before.timers}, now ${after.timers}`);
  for (const [name, bytes] of Object.entries(MAY_GROW) as [keyof typeof MAY_GROW, number][]) {
    const text = `${mib(before[name])} MiB, now ${mib(after[name])} MiB`;
    tally.check(`${name} is within ${bytes / MIB} MiB of where it began`, after[name] - before[name] <= bytes, text);
  }
  for (const act of CALLS) await visitor.act(act, tally, "it still serves");
  tally.report("it still serves");
  await visitor.leave();
  tally.check("it ends with code 0", (await server.stop()) === 0, "");
  tally.check("it has complained about nothing", server.errors === "", server.errors);
}

function mib(bytes: number): string {
  return (bytes / MIB).toFixed(1);
}
