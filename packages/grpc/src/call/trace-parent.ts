/** Where a call stands in a distributed trace. */
export interface TraceParent {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** Of the caller's span: 16 hexadecimal digits. */
  readonly spanId: string;
  /** Whether the caller records the trace. */
  readonly isSampled: boolean;
}

/** Version, trace, span and flags. Versions after 00 may append to it. Source: W3C Trace Context, 3.2.2 and 4.3. */
const FORM = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/;

/** Reads the header field traceparent. Returns undefined if it is absent, or not as W3C Trace Context says. */
export function parseTraceParent(value: string | undefined): TraceParent | undefined {
  const [, version, traceId, spanId, flags = "", more] = FORM.exec(value ?? "") ?? [];
  if (traceId === undefined || spanId === undefined) return undefined;
  if (version === "ff" || (version === "00" && more !== undefined)) return undefined;
  if (isZero(traceId) || isZero(spanId)) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

const isZero = (digits: string) => /^0+$/.test(digits);
