import { accessLog, type Call, type CallEntry, type Observer, parseTraceParent, slowCallLog } from "@routeguide/grpc";
import type { Log } from "./log.js";

export interface CallLogOptions {
  /** Whether each call is logged at the level info. If not, each is at the level debug. */
  readonly accessLog: boolean;
  /** Calls with a single request that take so many milliseconds are logged at the level warn; 0: none are. */
  readonly slowCallMs: number;
}

/** Observers that log calls when they have ended. */
export function callLogs(log: Log, { accessLog: isOn, slowCallMs }: CallLogOptions): Observer[] {
  const each = isOn
    ? accessLog((entry, call) => log.info(fieldsOf(entry, call), "call"))
    : accessLog((entry, call) => log.debug(fieldsOf(entry, call), "call"), { when: () => log.isLevelEnabled("debug") });
  if (slowCallMs === 0) return [each];
  return [each, slowCallLog(slowCallMs, (entry, call) => log.warn(fieldsOf(entry, call), "slow call"))];
}

function fieldsOf({ method, peer, protocol, code, error, ...counts }: CallEntry, call: Call): object {
  return {
    method,
    peer,
    protocol,
    code,
    ...(error !== undefined && { error }),
    ms: Math.round(counts.durationMs * 1000) / 1000,
    messagesIn: counts.messagesReceived,
    bytesIn: counts.bytesReceived,
    messagesOut: counts.messagesSent,
    bytesOut: counts.bytesSent,
    ...traceFields(call),
  };
}

/** The trace that a call belongs to, under the names that OpenTelemetry gives logs; nothing if its caller sent none. */
export function traceFields(call: Call): { readonly trace_id?: string; readonly span_id?: string } {
  const parent = parseTraceParent(call.header("traceparent"));
  return parent === undefined ? {} : { trace_id: parent.traceId, span_id: parent.spanId };
}
