/**
 * Spans and durations of calls for OpenTelemetry, through its API package: set an SDK up first, or they go nowhere. Names are those
 * of OpenTelemetry's semantic conventions for gRPC and Connect.
 */
import {
  context,
  metrics,
  propagation,
  SpanKind,
  type TextMapGetter,
  type TextMapSetter,
  trace,
} from "@opentelemetry/api";
import type { Call } from "../call/call.js";
import type { Interceptor } from "../call/interceptor.js";
import type { Observer } from "../call/observer.js";
import { isPromiseLike } from "../call/promise-like.js";
import { RpcError } from "../call/rpc-error.js";
import { isServerFault, methodAttributes, peerAttributes, spanName } from "./opentelemetry-attributes.js";
import { TracedCalls } from "./opentelemetry-calls.js";
import { requestsIn, responsesIn } from "./opentelemetry-context.js";

/** Give both to the server or the client, the interceptor as the first. */
export interface Telemetry {
  readonly observer: Observer;
  readonly interceptor: Interceptor;
}

const NAME = "@routeguide/grpc";

/**
 * Traces a server's calls. The trace that the caller sent goes on (by the propagator that is set, W3C's as a rule), each call is a
 * span of kind SERVER, and this span is the active one wherever a handler's code runs: also in generators, and in what
 * `forEachBatch()` calls. Durations go to the histogram rpc.server.duration, in milliseconds.
 */
export function serverTelemetry(): Telemetry {
  const tracer = trace.getTracer(NAME);
  const calls = new TracedCalls(histogram("rpc.server.duration"), isServerFault);
  return {
    observer: {
      started(call) {
        const parent = propagation.extract(context.active(), call, RECEIVED);
        const span = tracer.startSpan(spanName(call), { kind: SpanKind.SERVER }, parent);
        if (span.isRecording()) span.setAttributes({ ...methodAttributes(call), ...peerAttributes(call.peer) });
        calls.begin(call, span, trace.setSpan(parent, span));
      },
      finished: (call, error) => calls.end(call, error),
    },
    interceptor: (next, { methodKind }) => {
      const isStreamIn = methodKind === "client_streaming" || methodKind === "bidi_streaming";
      const isStreamOut = methodKind === "server_streaming" || methodKind === "bidi_streaming";
      return (request, call) => {
        const active = calls.contextOf(call);
        // The call ended before its handler was asked.
        if (active === undefined) return next(request, call);
        const given = isStreamIn ? requestsIn(active, request) : request;
        const response = context.with(active, () => next(given, call));
        if (!isStreamOut) return response;
        if (isPromiseLike(response)) return response.then((messages) => responsesIn(active, messages));
        return responsesIn(active, response);
      };
    },
  };
}

/**
 * Traces a client's calls: each is a span of kind CLIENT below the active one, and its trace goes with the call (by the propagator
 * that is set). Durations go to the histogram rpc.client.duration, in milliseconds.
 */
export function clientTelemetry(): Telemetry {
  const tracer = trace.getTracer(NAME);
  const calls = new TracedCalls(histogram("rpc.client.duration"), () => true);
  return {
    observer: {
      finished: (call, error) => calls.end(call, error),
    },
    interceptor: (next) => (request, call) => {
      const span = tracer.startSpan(spanName(call), { kind: SpanKind.CLIENT });
      if (span.isRecording()) span.setAttributes(methodAttributes(call));
      const active = trace.setSpan(context.active(), span);
      calls.begin(call, span, active);
      propagation.inject(active, call.requestHeader, SENT);
      // Another interceptor may refuse the call: then it never begins, and no observer hears of its end.
      const refused = (reason: unknown) => calls.end(call, RpcError.from(reason));
      try {
        const response = next(request, call);
        if (isPromiseLike(response)) response.then(undefined, refused);
        return response;
      } catch (reason) {
        refused(reason);
        throw reason;
      }
    },
  };
}

const histogram = (name: string) =>
  metrics.getMeter(NAME).createHistogram(name, { description: "How long calls took.", unit: "ms" });

const RECEIVED: TextMapGetter<Call> = {
  get: (call, name) => call.header(name),
  keys: (call) => [...call.requestHeader.keys()],
};

const SENT: TextMapSetter<Headers> = {
  set: (headers, name, value) => headers.set(name, value),
};
