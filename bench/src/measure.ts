import { performance } from "node:perf_hooks";
import type { Load } from "./load.js";
import type { ServerProcess } from "./server-process.js";
import type { Usage } from "./usage-hook.js";
import type { Workload } from "./workloads.js";

/** One measurement of one workload on one server. */
export interface Sample {
  readonly server: string;
  readonly workload: string;
  readonly messages: number;
  readonly seconds: number;
  /** What the server spent, user and kernel time together. */
  readonly serverCpuSeconds: number;
  /** The same for the process that made the load. */
  readonly loadCpuSeconds: number;
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
}

/** Warms a workload up, then takes a sample of it. */
export async function measure(
  name: string,
  server: ServerProcess,
  load: Load,
  workload: Workload,
  seconds: number,
): Promise<Sample> {
  await workload.run(load, async () => timeIsOver(seconds / 2), []);
  const latencies: number[] = [];
  let before: Usage = { cpuSeconds: 0, peakMiB: 0 };
  let loadBefore = process.cpuUsage();
  let started = 0;
  const begin = async () => {
    before = await server.usage();
    loadBefore = process.cpuUsage();
    started = performance.now();
    return timeIsOver(seconds);
  };
  const messages = await workload.run(load, begin, latencies);
  const elapsed = (performance.now() - started) / 1000;
  const after = await server.usage();
  const { user, system } = process.cpuUsage(loadBefore);
  latencies.sort((a, b) => a - b);
  return {
    server: name,
    workload: workload.name,
    messages,
    seconds: elapsed,
    serverCpuSeconds: after.cpuSeconds - before.cpuSeconds,
    loadCpuSeconds: (user + system) / 1e6,
    p50Ms: latencies[Math.floor(latencies.length * 0.5)],
    p99Ms: latencies[Math.floor(latencies.length * 0.99)],
  };
}

function timeIsOver(seconds: number): () => boolean {
  const end = performance.now() + seconds * 1000;
  return () => performance.now() >= end;
}
