import assert from "node:assert/strict";
import { test } from "node:test";
import { serverLimits } from "../h2/limits.js";
import { limitsOf } from "./limits-of.js";

test("limits that are not given have their defaults, and nothing changes them", () => {
  const limits = limitsOf(serverLimits, { idleMs: 0, maxQueuedBytes: Number.POSITIVE_INFINITY });
  assert.deepEqual(limits, { ...serverLimits, idleMs: 0, maxQueuedBytes: Number.POSITIVE_INFINITY });
  assert.ok(Object.isFrozen(limits));
  assert.deepEqual(limitsOf(serverLimits, undefined), serverLimits);
});

test("what is no limit, or no number that makes sense, is refused by its name", () => {
  const refused = (given: object, message: string) =>
    assert.throws(() => limitsOf(serverLimits, given), { name: "RangeError", message });
  refused({ keepAliveMs: 1 }, "there is no limit keepAliveMs: did you mean keepaliveMs?");
  refused({ toString: 1 }, "there is no limit toString");
  for (const [value, text] of [
    [-1, "-1"],
    [Number.NaN, "NaN"],
    ["5", '"5"'],
    [null, "null"],
  ]) {
    refused({ keepaliveMs: value }, `the limit keepaliveMs is ${text}: expected a number of at least 0`);
  }
  refused({ streamWindowBytes: 65_534 }, "the limit streamWindowBytes is 65534: expected a number of at least 65535");
});
