/** npm run bench: the same workloads on our server and its peers, or our client and its peers, and the ratios between them. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { CLIENT_WORKLOADS, CLIENTS, compareClients } from "./clients/compare.js";
import { chosen, count, listed, oneOf, positive, program, readOptions, refuse } from "./command-line.js";
import { compareServers } from "./compare-servers.js";
import { canPin } from "./server-process.js";
import { OTHER_ENGINE, servers } from "./servers.js";
import { WORKLOADS } from "./workloads.js";

const USAGE = `npm run bench -- [--servers A,B] [--workloads A,B] [--engine own|node] [--tls]
                 [--rounds 3] [--seconds 1]
npm run bench -- --side client [--clients A,B] [--workloads A,B]
                 [--rounds 3] [--seconds 1]

Servers, or clients, run in turn, each anew in each round; the first one named
is what the others are compared with. Replies are checked before anything is
timed. --engine says what ours speaks HTTP/2 with, --tls that all of it is
encrypted, which only some of the servers can do. tonic, grpc-go and grpc-cpp
are built where their toolchains are. Only 127.0.0.1 is contacted.

Servers:
${listed(servers())}
Their workloads:
${listed(WORKLOADS)}
Clients:
${listed(CLIENTS)}
Their workloads:
${listed(CLIENT_WORKLOADS)}`;

/** How both sides measure. */
interface Plan {
  /** For what servers read. */
  readonly folder: string;
  readonly rounds: number;
  readonly seconds: number;
}

await program(async () => {
  const options = readOptions({
    side: { type: "string", default: "server" },
    servers: { type: "string" },
    clients: { type: "string" },
    workloads: { type: "string" },
    engine: { type: "string" },
    tls: { type: "boolean" },
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  });
  if (options.help) {
    console.log(USAGE);
    return;
  }
  const rounds = count("rounds", options.rounds);
  const seconds = positive("seconds", options.seconds);
  const side = oneOf("side", options.side, ["server", "client"]);
  const measure = side === "client" ? clientSide(options) : serverSide(options);
  const folder = mkdtempSync(join(tmpdir(), "routeguide-bench-"));
  try {
    console.log(`${environment(side)}; medians of ${rounds} rounds of ${seconds} s.\n`);
    console.log(await measure({ folder, rounds, seconds }));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** What the options say of each side. A side that is chosen wrongly is refused before anything runs. */
interface Given {
  readonly servers?: string | undefined;
  readonly clients?: string | undefined;
  readonly workloads?: string | undefined;
  readonly engine?: string | undefined;
  readonly tls?: boolean | undefined;
}

function clientSide(given: Given): (plan: Plan) => Promise<string> {
  refuse({ ...given }, ["servers", "engine", "tls"], "with --side client");
  const compared = chosen("clients", given.clients, CLIENTS);
  const workloads = chosen("workloads", given.workloads, CLIENT_WORKLOADS);
  return (plan) => compareClients(compared, workloads, plan);
}

function serverSide(given: Given): (plan: Plan) => Promise<string> {
  refuse({ ...given }, ["clients"], "without --side client");
  const engine = oneOf("engine", given.engine ?? "own", ["own", "node"]);
  const all = servers(engine).filter(
    ({ name }) => given.servers !== undefined || !(name === OTHER_ENGINE && engine === "node"),
  );
  const compared = chosen("servers", given.servers, all);
  const workloads = chosen("workloads", given.workloads, WORKLOADS);
  return (plan) => {
    if (canPin) spawnSync("taskset", ["-cp", "1", String(process.pid)]);
    return compareServers(compared, workloads, { ...plan, tls: given.tls === true });
  };
}

function environment(side: "server" | "client"): string {
  const [cpu] = cpus();
  const other = side === "client" ? "client" : "load";
  const where = canPin ? `server on core 0, ${other} on core 1` : `server and ${other} share all cores`;
  return `Node ${process.version}, ${cpus().length} cores (${cpu?.model ?? "unknown"}), ${where}`;
}
