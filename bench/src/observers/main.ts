/** npm run measure:observers: what metrics, traces and logs of calls cost a server. */
import { accessLog, createClient, createServer, type ServerOptions, slowCallLog } from "@routeguide/grpc";
import { serverTelemetry } from "@routeguide/grpc/opentelemetry";
import { serverMetrics } from "@routeguide/grpc/prometheus";
import { inMemory } from "@routeguide/grpc/testing";
import { RouteGuide } from "routeguide";
import { count, program, readOptions } from "../command-line.js";

const USAGE = `npm run measure:observers -- [--rounds 2000]

Makes unary calls in memory to servers that differ in their observer alone, by turns, and prints how much longer a call takes.
Of all rounds the shortest counts: whatever else runs on the machine can only add to it.`;

/** Calls of one round: few enough to end before the scheduler takes the core away. */
const CALLS = 100;
const WARM_UP_ROUNDS = 300;

const { interceptor, observer } = serverTelemetry();
const OBSERVED: Readonly<Record<string, ServerOptions>> = {
  none: {},
  "an observer that does nothing": { observer: {} },
  "serverMetrics()": { observer: serverMetrics() },
  "serverTelemetry(), without an SDK": { observer, interceptors: [interceptor] },
  // What a log does with an entry is its own cost.
  "accessLog()": { observer: accessLog(() => {}) },
  "slowCallLog()": { observer: slowCallLog(1000, () => {}) },
};

await program(async () => {
  const options = readOptions({
    rounds: { type: "string", default: "2000" },
    help: { type: "boolean", default: false },
  });
  if (options.help) console.log(USAGE);
  else await measureObservers(count("rounds", options.rounds));
});

async function measureObservers(rounds: number): Promise<void> {
  const servers = Object.entries(OBSERVED).map(([name, options]) => {
    const server = createServer(options).service(RouteGuide, {
      getFeature: (location) => ({ name: "here", location }),
    });
    return { name, client: createClient(RouteGuide, inMemory(server)), leastMs: Number.POSITIVE_INFINITY };
  });
  for (let round = 0; round < WARM_UP_ROUNDS + rounds; round++) {
    if (round === WARM_UP_ROUNDS) for (const server of servers) server.leastMs = Number.POSITIVE_INFINITY;
    for (const server of servers) {
      const started = performance.now();
      const calls = Array.from({ length: CALLS }, (_, i) => server.client.getFeature({ latitude: i, longitude: i }));
      await Promise.all(calls);
      server.leastMs = Math.min(server.leastMs, performance.now() - started);
    }
  }
  const nanoseconds = ({ leastMs }: { leastMs: number }) => Math.round((leastMs / CALLS) * 1e6);
  const [none] = servers;
  if (none === undefined) return;
  console.log(`Node ${process.version}, a unary call in memory, client and server together: ${nanoseconds(none)} ns\n`);
  for (const server of servers.slice(1)) {
    console.log(`${server.name.padEnd(36)}${`+${nanoseconds(server) - nanoseconds(none)} ns`.padStart(10)}`);
  }
}
