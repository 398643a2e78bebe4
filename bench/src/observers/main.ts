/** npm run measure:observers: what metrics, traces and logs of calls cost a server. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { makeData } from "../data.js";
import { openLoad } from "../load.js";
import { measure } from "../measure.js";
import { canPin, ServerProcess } from "../server-process.js";
import { WORKLOADS, type Workload } from "../workloads.js";
import { OBSERVED } from "./observed.js";

const USAGE = `npm run measure:observers -- [--rounds 5] [--seconds 1]

Makes unary calls to servers that differ in their observer alone, in turn, each anew in each round, and prints what a call costs
them: medians. Only 127.0.0.1 is contacted.`;

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  },
});

if (options.help) console.log(USAGE);
else await main(Number(options.rounds), Number(options.seconds));

async function main(rounds: number, seconds: number): Promise<void> {
  if (canPin) spawnSync("taskset", ["-cp", "1", String(process.pid)]);
  const workload = WORKLOADS.find(({ name }) => name === "unary");
  if (workload === undefined) throw new Error("there is no workload to measure with");
  const costs = new Map(OBSERVED.map((observer) => [observer, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (const [observer, samples] of costs) samples.push(await microsecondsACall(observer, workload, seconds));
  }
  const [none = 0, ...others] = [...costs.values()].map(median);
  console.log(
    `Node ${process.version}, medians of ${rounds} rounds of ${seconds} s: CPU time of a unary call on the server\n`,
  );
  console.log(`${"observer".padEnd(32)}${"microseconds".padStart(14)}${"compared".padStart(10)}`);
  for (const [i, cost] of [none, ...others].entries()) {
    console.log(
      `${String(OBSERVED[i]).padEnd(32)}${cost.toFixed(2).padStart(14)}${(cost / none).toFixed(2).padStart(10)}`,
    );
  }
}

async function microsecondsACall(observer: string, workload: Workload, seconds: number): Promise<number> {
  const script = fileURLToPath(new URL("observed-server.js", import.meta.url));
  await using server = await ServerProcess.start(script, ["--port", "{port}", "--observer", observer]);
  await using load = openLoad(server.port, makeData());
  const { serverCpuSeconds, messages } = await measure(observer, server, load, workload, seconds);
  return (serverCpuSeconds / messages) * 1e6;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
