import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { KNOWN, makeData } from "../data.js";
import { type Built, buildGo, buildTonic } from "../native.js";
import { figure, median, table } from "../report.js";
import { canPin, ServerProcess } from "../server-process.js";
import { PRODUCT } from "../servers.js";
import type { ClientSample, Modes } from "./harness.js";

interface ClientUnderTest {
  readonly name: string;
  /** Resolves to the command that runs it, or to the reason why there is none on this machine. */
  command(): Promise<{ readonly line: readonly string[] } | { readonly missing: string }>;
}

/** A client that is there. */
interface Ready {
  readonly name: string;
  readonly line: readonly string[];
}

const client = (name: string, file: string, ...args: string[]): ClientUnderTest => ({
  name,
  async command() {
    const script = fileURLToPath(new URL(`${file}.js`, import.meta.url));
    return { line: [process.execPath, "--disable-warning=ExperimentalWarning", script, ...args] };
  },
});

const native = (name: string, build: () => Promise<Built>): ClientUnderTest => ({
  name,
  async command() {
    const built = await build();
    return "program" in built ? { line: [built.program] } : built;
  },
});

/** The first is what the others are compared with. */
export const CLIENTS: readonly ClientUnderTest[] = [
  client("routeguide", "routeguide"),
  client("routeguide-node-http2", "routeguide", "--engine", "node"),
  client("grpc-js", "grpc-js"),
  client("connect-node", "connect-node"),
  native("tonic", () => buildTonic("client")),
  native("grpc-go", () => buildGo("client")),
];

interface Row {
  readonly name: string;
  /** What is counted, and how it comes. */
  readonly unit: string;
  readonly mode: keyof Modes;
  readonly concurrency: number;
}

/** What clients are measured with. */
export const CLIENT_WORKLOADS: readonly Row[] = [
  { name: "list", unit: "features, 100,001 a call", mode: "list", concurrency: 1 },
  { name: "record", unit: "points, 20,000 a call", mode: "record", concurrency: 1 },
  { name: "unary", unit: "calls, 50 at a time on one connection", mode: "get", concurrency: 50 },
  { name: "unary-serial", unit: "calls, one at a time", mode: "get", concurrency: 1 },
  { name: "chat-turns", unit: "round trips, 50 streams", mode: "chat", concurrency: 50 },
];

/** What a client warms up with, as a share of what is measured. */
const WARMUP = 0.5;
const run = promisify(execFile);

/** Measures clients by turns against our server. Resolves to a report in Markdown. */
export async function compareClients(
  wanted: readonly ClientUnderTest[],
  rows: readonly Row[],
  { folder, rounds, seconds }: { readonly folder: string; readonly rounds: number; readonly seconds: number },
): Promise<string> {
  const clients = await whatIsThere(wanted);
  const places = join(folder, "places.json");
  writeFileSync(places, JSON.stringify([{ name: "Known", location: KNOWN }, ...makeData().features]));
  const args = PRODUCT.args.map((arg) => arg.replaceAll("{places}", places));
  const samples = new Map<string, ClientSample[]>();
  await using server = await ServerProcess.start(PRODUCT.script, args);
  for (let round = 1; round <= rounds; round++) {
    for (const under of clients) {
      console.error(`round ${round} of ${rounds}: ${under.name}`);
      for (const row of rows) {
        const key = keyOf(under, row);
        samples.set(key, [...(samples.get(key) ?? []), await sample(under, row, server.port, seconds)]);
      }
    }
  }
  const of = (under: Ready | undefined, row: Row, value: (sample: ClientSample) => number | undefined) =>
    median((under === undefined ? [] : (samples.get(keyOf(under, row)) ?? [])).map((one) => value(one) ?? Number.NaN));
  const cpu = ({ cpuSeconds, messages }: ClientSample) => (cpuSeconds / messages) * 1e6;
  const [first, ...others] = clients;
  const serial = rows.filter(({ name }) => name === "unary-serial");
  const head = ["", ...clients.map(({ name }) => name)];
  const percentile = (title: string, value: (sample: ClientSample) => number | undefined) =>
    serial.map((row) => [title, ...clients.map((under) => figure(of(under, row, value)))]);
  const latencies = table(head, [
    ...percentile("p50", ({ p50Us }) => p50Us),
    ...percentile("p99", ({ p99Us }) => p99Us),
  ]);
  return [
    "Client CPU seconds per million messages, and in brackets how many times the first client's:",
    "",
    table(
      head,
      rows.map((row) => {
        const ours = of(first, row, cpu);
        const ratios = others.map((under) => `${figure(of(under, row, cpu))} (${figure(of(under, row, cpu) / ours)}x)`);
        return [`${row.name} (${row.unit})`, figure(ours), ...ratios];
      }),
    ),
    ...(serial.length === 0 ? [] : ["", "Latency of one call at a time, in microseconds:", "", latencies]),
  ].join("\n");
}

/** Builds what must be built. Says of each client that is left out why. */
async function whatIsThere(wanted: readonly ClientUnderTest[]): Promise<Ready[]> {
  const ready: Ready[] = [];
  for (const { name, command } of wanted) {
    const there = await command();
    if ("line" in there) ready.push({ name, line: there.line });
    else console.error(`without ${name}: ${there.missing}`);
  }
  return ready;
}

const keyOf = (client: Ready, row: Row) => `${client.name} ${row.name}`;

async function sample(under: Ready, row: Row, port: number, seconds: number): Promise<ClientSample> {
  const what = ["--port", port, "--mode", row.mode, "--concurrency", row.concurrency];
  const line = [...under.line, ...[...what, "--seconds", seconds, "--warmup", seconds * WARMUP].map(String)];
  const [command = "", ...rest] = canPin ? ["taskset", "-c", "1", ...line] : line;
  const { stdout } = await run(command, rest);
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}
