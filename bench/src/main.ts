/** npm run bench: the same workloads on our server and its peers, or our client and its peers, and the ratios between them. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CLIENTS, compareClients } from "./clients/compare.js";
import { compareServers } from "./compare-servers.js";
import { canPin } from "./server-process.js";
import { OTHER_ENGINE, servers } from "./servers.js";
import { WORKLOADS } from "./workloads.js";

const NAMES = servers().map(({ name }) => name);

const USAGE = `npm run bench -- [--servers ${NAMES.join(",")}]
                 [--workloads ${WORKLOADS.map(({ name }) => name).join(",")}]
                 [--engine own|node] [--tls] [--rounds 3] [--seconds 1]
npm run bench -- --side client [--clients ${CLIENTS.map(({ name }) => name).join(",")}] [--rounds 3] [--seconds 1]

Servers, or clients, run in turn, each anew in each round; the first one named is what the others are compared with.
Replies are checked before anything is timed. --engine says what ours speaks HTTP/2 with, --tls that all of it is encrypted, which
only some of the servers can do. tonic, grpc-go and grpc-cpp are built where their
toolchains are. Only 127.0.0.1 is contacted.`;

const { values: options } = parseArgs({
  options: {
    side: { type: "string", default: "server" },
    servers: { type: "string" },
    clients: { type: "string" },
    workloads: { type: "string" },
    engine: { type: "string", default: "own" },
    tls: { type: "boolean", default: false },
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  },
});

if (options.help) console.log(USAGE);
else await main();

async function main(): Promise<void> {
  const rounds = positive("rounds", options.rounds);
  const seconds = positive("seconds", options.seconds);
  const side = oneOf("side", options.side, ["server", "client"] as const);
  const engine = oneOf("engine", options.engine, ["own", "node"] as const);
  const all = servers(engine).filter(
    ({ name }) => options.servers !== undefined || !(name === OTHER_ENGINE && engine === "node"),
  );
  const folder = mkdtempSync(join(tmpdir(), "routeguide-bench-"));
  try {
    console.log(`${environment(side)}; medians of ${rounds} rounds of ${seconds} s.\n`);
    if (side === "client") {
      const clients = chosen(CLIENTS, options.clients, "client");
      console.log(await compareClients(clients, { folder, rounds, seconds }));
      return;
    }
    if (canPin) spawnSync("taskset", ["-cp", "1", String(process.pid)]);
    const workloads = chosen(WORKLOADS, options.workloads, "workload");
    const compared = chosen(all, options.servers, "server");
    console.log(await compareServers(compared, workloads, { folder, rounds, seconds, tls: options.tls }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function environment(side: "server" | "client"): string {
  const [cpu] = cpus();
  const other = side === "client" ? "client" : "load";
  const where = canPin ? `server on core 0, ${other} on core 1` : `server and ${other} share all cores`;
  return `Node ${process.version}, ${cpus().length} cores (${cpu?.model ?? "unknown"}), ${where}`;
}

function chosen<T extends { readonly name: string }>(all: readonly T[], names: string | undefined, what: string): T[] {
  if (names === undefined) return [...all];
  return names.split(",").map((name) => {
    const found = all.find((one) => one.name === name);
    if (found === undefined) {
      throw new Error(`unknown ${what} "${name}": expected some of ${all.map(({ name }) => name).join(", ")}`);
    }
    return found;
  });
}

function oneOf<T extends string>(name: string, value: string, known: readonly T[]): T {
  const found = known.find((one) => one === value);
  if (found === undefined) throw new Error(`--${name} is "${value}": expected ${known.join(" or ")}`);
  return found;
}

function positive(name: string, value: string): number {
  const number = Number(value);
  if (!(number > 0)) throw new Error(`--${name} is "${value}": expected a number above 0`);
  return number;
}
