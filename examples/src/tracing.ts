/**
 * Tracing: one trace from the caller through the server to what its handler does, with OpenTelemetry; and a log line a call.
 *
 * Run it: npm run example -- tracing
 * You see:
 *
 *     look up
 *     routeguide.RouteGuide/GetFeature (server)
 *     routeguide.RouteGuide/GetFeature (client)
 *     plan a trip
 *     all of one trace: true
 *     log: routeguide.RouteGuide/GetFeature OK, 1 message in, 1 out
 */
import { context, propagation, SpanKind, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { accessLog, createClient, createServer } from "@routeguide/grpc";
import { dial, listen } from "@routeguide/grpc/node";
import { clientTelemetry, serverTelemetry } from "@routeguide/grpc/opentelemetry";
import { RouteGuide } from "routeguide";
import { MOUNT_KISCO, placeAt } from "./shared/places.js";

// What any program with OpenTelemetry does at its start. A real one exports to a collector.
const exporter = new InMemorySpanExporter();
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
propagation.setGlobalPropagator(new W3CTraceContextPropagator());
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
const tracer = trace.getTracer("example");

const onServer = serverTelemetry();
let line = "";
const log = accessLog(({ method, code, messagesReceived, messagesSent }) => {
  line = `${method} ${code}, ${messagesReceived} message in, ${messagesSent} out`;
});
const server = createServer({ observer: onServer.observer, interceptors: [onServer.interceptor] }).service(
  RouteGuide,
  {
    getFeature({ latitude, longitude }) {
      // The span of the call is the active one, so this becomes its child.
      return tracer.startActiveSpan("look up", (span) => {
        span.end();
        return placeAt(latitude, longitude);
      });
    },
  },
  { observer: log },
);

await using listening = await listen(server, { port: 0 });
await using transport = dial(`http://${listening.address}`);
const onClient = clientTelemetry();
const client = createClient(RouteGuide, transport, {
  observer: onClient.observer,
  interceptors: [onClient.interceptor],
});

await tracer.startActiveSpan("plan a trip", async (span) => {
  await client.getFeature(MOUNT_KISCO);
  span.end();
});

const kinds = new Map([
  [SpanKind.SERVER, " (server)"],
  [SpanKind.CLIENT, " (client)"],
]);
const spans = exporter.getFinishedSpans();
for (const { name, kind } of spans) console.log(`${name}${kinds.get(kind) ?? ""}`);
const traces = new Set(spans.map((span) => span.spanContext().traceId));
console.log(`all of one trace: ${traces.size === 1}`);
console.log(`log: ${line}`);
