import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTraceParent } from "./trace-parent.js";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

test("a traceparent names trace and span, and says whether the trace is recorded", () => {
  assert.deepEqual(parseTraceParent(`00-${TRACE}-${SPAN}-01`), { traceId: TRACE, spanId: SPAN, isSampled: true });
  assert.equal(parseTraceParent(`00-${TRACE}-${SPAN}-00`)?.isSampled, false);
  assert.equal(parseTraceParent(`00-${TRACE}-${SPAN}-ff`)?.isSampled, true);
});

test("a later version may say more, version 00 may not", () => {
  assert.equal(parseTraceParent(`01-${TRACE}-${SPAN}-01-more`)?.traceId, TRACE);
  assert.equal(parseTraceParent(`00-${TRACE}-${SPAN}-01-more`), undefined);
});

for (const value of [
  undefined,
  "",
  `ff-${TRACE}-${SPAN}-01`,
  `00-${TRACE.toUpperCase()}-${SPAN}-01`,
  `00-${"0".repeat(32)}-${SPAN}-01`,
  `00-${TRACE}-${"0".repeat(16)}-01`,
  `00-${TRACE}-${SPAN}`,
  `00-${TRACE}-${SPAN}-1`,
  `01-${TRACE}-${SPAN}-01more`,
  ` 00-${TRACE}-${SPAN}-01`,
]) {
  test(`${JSON.stringify(value)} is no traceparent`, () => {
    assert.equal(parseTraceParent(value), undefined);
  });
}
