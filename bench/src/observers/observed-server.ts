/** GetFeature and nothing else, looked at by one observer, or none. --port N --observer NAME */
import { parseArgs } from "node:util";
import { accessLog, createServer, type ServerOptions, slowCallLog } from "@routeguide/grpc";
import { listen } from "@routeguide/grpc/node";
import { serverTelemetry } from "@routeguide/grpc/opentelemetry";
import { serverMetrics } from "@routeguide/grpc/prometheus";
import { RouteGuide } from "routeguide";
import type { Observed } from "./observed.js";

const OPTIONS: Readonly<Record<Observed, () => ServerOptions>> = {
  none: () => ({}),
  "an empty one": () => ({ observer: {} }),
  prometheus: () => ({ observer: serverMetrics() }),
  "opentelemetry, without an SDK": () => {
    const { observer, interceptor } = serverTelemetry();
    return { observer, interceptors: [interceptor] };
  },
  // What a log does with an entry is its own cost.
  "access log": () => ({ observer: accessLog(() => {}) }),
  "slow calls": () => ({ observer: slowCallLog(1000, () => {}) }),
};

const { values } = parseArgs({ options: { port: { type: "string" }, observer: { type: "string" } } });
const options = OPTIONS[values.observer as Observed]();
const server = createServer(options).service(RouteGuide, { getFeature: (location) => ({ name: "here", location }) });
await listen(server, { port: Number(values.port), host: "127.0.0.1" });
process.once("SIGTERM", () => process.exit());
