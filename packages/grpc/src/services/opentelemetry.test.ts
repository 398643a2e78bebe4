import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { after, before, beforeEach, test } from "node:test";
import {
  type Context,
  type ContextManager,
  context,
  metrics,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { collect, EchoPair, failure } from "../../test/calls/harness.js";
import { Code, type Interceptor, RpcError } from "../index.js";
import { clientTelemetry, serverTelemetry } from "./opentelemetry.js";
import { statusAttributes } from "./opentelemetry-attributes.js";

/** What OpenTelemetry's own manager for Node does, as far as calls need it. */
class LocalContexts implements ContextManager {
  readonly #local = new AsyncLocalStorage<Context>();
  active = () => this.#local.getStore() ?? ROOT_CONTEXT;
  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    active: Context,
    run: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.#local.run(active, () => run.apply(thisArg, args));
  }
  bind<T>(active: Context, target: T): T {
    if (typeof target !== "function") return target;
    const bound = (...args: unknown[]) => this.#local.run(active, () => target(...args));
    return bound as T;
  }
  enable() {
    return this;
  }
  disable() {
    this.#local.disable();
    return this;
  }
}

const exporter = new InMemorySpanExporter();
const durations: { name: string; ms: number; attributes: object }[] = [];

before(() => {
  context.setGlobalContextManager(new LocalContexts());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  const meter = {
    createHistogram: (name: string) => ({
      record: (ms: number, attributes: object) => void durations.push({ name, ms, attributes }),
    }),
  };
  // Only the one instrument that is used.
  metrics.setGlobalMeterProvider({ getMeter: () => meter as never });
});
beforeEach(() => {
  exporter.reset();
  durations.length = 0;
});
after(() => {
  for (const api of [context, propagation, trace, metrics]) api.disable();
});

const telemetry = ({ observer, interceptor }: ReturnType<typeof serverTelemetry>) => ({
  observer,
  interceptors: [interceptor],
});
const both = () => ({ server: telemetry(serverTelemetry()), client: telemetry(clientTelemetry()) });
const activeSpan = () => trace.getActiveSpan()?.spanContext().spanId;

/** The spans of one call on both sides. */
function spans() {
  const finished = exporter.getFinishedSpans();
  const of = (kind: SpanKind) => finished.find((span) => span.kind === kind) ?? assert.fail("no such span");
  return { server: of(SpanKind.SERVER), client: of(SpanKind.CLIENT), count: finished.length };
}

test("a call is a span on each side, in the caller's trace", async () => {
  await using pair = new EchoPair({ unary: () => ({}) }, both());
  const outer = trace.getTracer("test").startSpan("outer");
  await context.with(trace.setSpan(context.active(), outer), () => pair.client.unary({}));
  const { server, client } = spans();
  assert.equal(client.parentSpanContext?.spanId, outer.spanContext().spanId);
  assert.equal(server.parentSpanContext?.spanId, client.spanContext().spanId);
  assert.equal(server.spanContext().traceId, outer.spanContext().traceId);
  for (const { name, attributes, status } of [server, client]) {
    assert.equal(name, "kinds.Echo/Unary");
    assert.equal(attributes["rpc.system"], "grpc");
    assert.equal(attributes["rpc.service"], "kinds.Echo");
    assert.equal(attributes["rpc.method"], "Unary");
    assert.equal(attributes["rpc.grpc.status_code"], 0);
    assert.equal(status.code, SpanStatusCode.UNSET);
  }
});

test("W3C's traceparent and tracestate are read and sent on", async () => {
  const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
  const sent: (string | undefined)[] = [];
  await using inner = new EchoPair(
    {
      unary(_, call) {
        sent.push(call.header("traceparent"), call.header("tracestate"));
        return {};
      },
    },
    both(),
  );
  await using outer = new EchoPair({ unary: () => inner.client.unary({}) }, { server: both().server });
  const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01`, tracestate: "vendor=value" };
  await outer.client.unary({}, { headers });
  assert.match(sent[0] ?? "", new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
  assert.equal(sent[1], "vendor=value");
});

test("the span is active wherever a handler's code runs", async () => {
  const seen: (string | undefined)[] = [];
  const look = () => seen.push(activeSpan());
  await using pair = new EchoPair(
    {
      async unary() {
        look();
        await Promise.resolve();
        look();
        return {};
      },
      *serverStream() {
        look();
        yield {};
        look();
      },
      async clientStream(requests) {
        await requests.forEachBatch(() => void look());
        look();
        return {};
      },
      async *bidiStream(requests) {
        for await (const _ of requests) {
          look();
          yield {};
        }
        look();
      },
    },
    both(),
  );
  const calls = [
    () => pair.client.unary({}),
    () => collect(pair.client.serverStream({})),
    () => pair.client.clientStream([{}]),
    () => collect(pair.client.bidiStream([{}])),
  ];
  for (const call of calls) {
    exporter.reset();
    seen.length = 0;
    await call();
    const { spanId } = spans().server.spanContext();
    assert.deepEqual(seen, [spanId, spanId]);
  }
});

test("a generator cleans up in its own span when its caller leaves", async () => {
  let cleaned: string | undefined;
  await using pair = new EchoPair(
    {
      async *serverStream() {
        try {
          for (let number = 0; ; number++) yield { number };
        } finally {
          cleaned = activeSpan();
        }
      },
    },
    both(),
  );
  for await (const _ of pair.client.serverStream({})) break;
  await pair.settled();
  const stream = exporter.getFinishedSpans().find(({ kind, name }) => kind === SpanKind.SERVER && /Stream/.test(name));
  assert.equal(cleaned, stream?.spanContext().spanId);
});

test("a server's span shows as an error if it is the server's fault, a client's whatever the error", async () => {
  for (const [code, onServer] of [
    [Code.NotFound, SpanStatusCode.UNSET],
    [Code.Internal, SpanStatusCode.ERROR],
  ] as const) {
    exporter.reset();
    await using pair = new EchoPair(
      {
        unary() {
          throw new RpcError(code, "why", { cause: new TypeError("inside") });
        },
      },
      both(),
    );
    await failure(pair.client.unary({}), code);
    const { server, client } = spans();
    assert.deepEqual([server.status.code, client.status.code], [onServer, SpanStatusCode.ERROR]);
    assert.deepEqual(client.status.message, "why");
    assert.equal(server.attributes["rpc.grpc.status_code"], code);
    assert.equal(server.events[0]?.attributes?.["exception.message"], "inside");
  }
});

test("durations are recorded on both sides, with method and code", async () => {
  await using pair = new EchoPair({ unary: () => ({}) }, both());
  await pair.client.unary({});
  assert.deepEqual(durations.map(({ name }) => name).sort(), ["rpc.client.duration", "rpc.server.duration"]);
  for (const { ms, attributes } of durations) {
    assert.ok(ms >= 0);
    const method = { "rpc.system": "grpc", "rpc.service": "kinds.Echo", "rpc.method": "Unary" };
    assert.deepEqual(attributes, { ...method, "rpc.grpc.status_code": 0 });
  }
});

test("a call that another interceptor refuses ends its span, too", async () => {
  const refusals: Interceptor[] = [
    () => () => {
      throw new RpcError(Code.PermissionDenied, "at once");
    },
    () => () => Promise.reject(new RpcError(Code.PermissionDenied, "later")),
  ];
  for (const refusing of refusals) {
    exporter.reset();
    const { observer, interceptors } = both().client;
    await using pair = new EchoPair({}, { client: { observer, interceptors: [...interceptors, refusing] } });
    await failure(pair.client.unary({}), Code.PermissionDenied);
    assert.deepEqual(
      exporter.getFinishedSpans().map(({ status }) => status.code),
      [SpanStatusCode.ERROR],
    );
  }
});

test("a call of Connect's protocol has Connect's names", () => {
  const call = { protocolName: "connect" } as Parameters<typeof statusAttributes>[0];
  assert.deepEqual(statusAttributes(call, undefined), {});
  assert.deepEqual(statusAttributes(call, Code.DeadlineExceeded), {
    "rpc.connect_rpc.error_code": "deadline_exceeded",
  });
});

test("without an SDK calls go on as before", async () => {
  for (const api of [context, propagation, trace, metrics]) api.disable();
  await using pair = new EchoPair({ unary: ({ number }) => ({ number }), serverStream: () => [{}, {}] }, both());
  assert.equal((await pair.client.unary({ number: 3 })).number, 3);
  assert.equal((await collect(pair.client.serverStream({}))).length, 2);
});
