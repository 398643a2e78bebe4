import type { Sample } from "./measure.js";
import type { Workload } from "./workloads.js";

/** What a run of the benchmark found, as Markdown. */
export function report(servers: readonly string[], workloads: readonly Workload[], samples: readonly Sample[]): string {
  const [first, ...peers] = servers;
  const of = (server: string | undefined, workload: Workload) =>
    samples.filter((sample) => sample.server === server && sample.workload === workload.name);
  const cpu = (server: string | undefined, workload: Workload) =>
    median(of(server, workload).map(({ serverCpuSeconds, messages }) => (serverCpuSeconds / messages) * 1e6));
  const rate = (server: string | undefined, workload: Workload) =>
    median(of(server, workload).map(({ messages, seconds }) => messages / seconds));

  return [
    "Server CPU seconds per million messages, and in brackets how many times the first server's:",
    "",
    table(
      ["", ...servers],
      workloads.map((workload) => {
        const ours = cpu(first, workload);
        const ratios = peers.map((peer) => withRatio(cpu(peer, workload), ours));
        return [`${workload.name} (${workload.unit})`, figure(ours), ...ratios];
      }),
    ),
    "",
    "Messages per second (where the server spent much less than the time, the load was the limit):",
    "",
    table(
      ["", ...servers],
      workloads.map((workload) => [
        workload.name,
        ...servers.map((server) => withShare(rate(server, workload), of(server, workload))),
      ]),
    ),
    "",
    ...latencies(servers, samples),
    ...workloads.map(({ name, about }) => `- ${name}: ${about}`),
  ].join("\n");
}

function latencies(servers: readonly string[], samples: readonly Sample[]): string[] {
  const timed = samples.filter(({ p50Ms }) => p50Ms !== undefined);
  if (timed.length === 0) return [];
  const row = (title: string, value: (sample: Sample) => number | undefined) => [
    title,
    ...servers.map((server) => {
      const own = timed.filter((sample) => sample.server === server);
      return figure(median(own.map((sample) => (value(sample) ?? Number.NaN) * 1000)));
    }),
  ];
  const rows = [row("p50", ({ p50Ms }) => p50Ms), row("p99", ({ p99Ms }) => p99Ms)];
  return [
    "Latency of one call at a time, in microseconds, the client's part included:",
    "",
    table(["", ...servers], rows),
    "",
  ];
}

function withRatio(value: number, ours: number): string {
  return Number.isNaN(value) ? "-" : `${figure(value)} (${figure(value / ours)}x)`;
}

function withShare(rate: number, samples: readonly Sample[]): string {
  if (Number.isNaN(rate)) return "-";
  const busy = median(samples.map(({ serverCpuSeconds, seconds }) => serverCpuSeconds / seconds));
  return `${Math.round(rate).toLocaleString("en")} (${Math.round(busy * 100)} % busy)`;
}

export function figure(value: number): string {
  return Number.isNaN(value) ? "-" : String(Number(value.toPrecision(3)));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[sorted.length / 2 - 1] ?? Number.NaN) + upper) / 2;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map((_, i) => (i === 0 ? "---" : "---:")), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
