/** npm run bench: the same workloads on our server and its peers, one after the other, and the ratios between them. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { makeData } from "./data.js";
import { openLoad } from "./load.js";
import { measure, type Sample } from "./measure.js";
import { report } from "./report.js";
import { canPin, ServerProcess } from "./server-process.js";
import { SERVERS, type ServerUnderTest } from "./servers.js";
import { WORKLOADS } from "./workloads.js";

const USAGE = `npm run bench -- [--servers ${SERVERS.map(({ name }) => name).join(",")}]
                 [--workloads ${WORKLOADS.map(({ name }) => name).join(",")}]
                 [--rounds 3] [--seconds 1]

Servers run in turn, each anew in each round; the first one named is what the others are compared with.
Replies are checked before anything is timed. Only 127.0.0.1 is contacted.`;

const { values: options } = parseArgs({
  options: {
    servers: { type: "string" },
    workloads: { type: "string" },
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  },
});

if (options.help) console.log(USAGE);
else await main();

async function main(): Promise<void> {
  const servers = chosen(SERVERS, options.servers, "server");
  const workloads = chosen(WORKLOADS, options.workloads, "workload");
  const rounds = positive("rounds", options.rounds);
  const seconds = positive("seconds", options.seconds);
  if (canPin) spawnSync("taskset", ["-cp", "1", String(process.pid)]);

  const folder = mkdtempSync(join(tmpdir(), "routeguide-bench-"));
  try {
    const places = join(folder, "places.json");
    const data = makeData();
    writeFileSync(places, JSON.stringify(data.features));
    const samples: Sample[] = [];
    const peaks = new Map<string, number>();
    for (let round = 1; round <= rounds; round++) {
      for (const server of servers) {
        console.error(`round ${round} of ${rounds}: ${server.name}`);
        peaks.set(server.name, Math.max(await visit(server), peaks.get(server.name) ?? 0));
      }
    }
    console.log(`${environment()}; medians of ${rounds} rounds of ${seconds} s.\n`);
    console.log(
      report(
        servers.map(({ name }) => name),
        workloads,
        samples,
      ),
    );
    console.log("\nPeak resident memory in MiB:");
    for (const [name, peak] of peaks) console.log(`- ${name}: ${Math.round(peak)}`);

    async function visit({ name, script, args, without }: ServerUnderTest): Promise<number> {
      const filled = args.map((arg) => arg.replaceAll("{places}", places));
      await using server = await ServerProcess.start(script, filled);
      await using load = openLoad(server.port, data);
      for (const workload of workloads) {
        if (without?.includes(workload.name)) continue;
        await workload.check(load);
        samples.push(await measure(name, server, load, workload, seconds));
      }
      return (await server.usage()).peakMiB;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function environment(): string {
  const [cpu] = cpus();
  const where = canPin ? "server on core 0, load on core 1" : "server and load share all cores";
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

function positive(name: string, value: string): number {
  const number = Number(value);
  if (!(number > 0)) throw new Error(`--${name} is "${value}": expected a number above 0`);
  return number;
}
