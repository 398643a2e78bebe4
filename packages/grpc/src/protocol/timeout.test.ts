import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatTimeout, parseTimeout } from "./timeout.js";

test("each unit counts as PROTOCOL-HTTP2.md says", () => {
  const timeouts = { "1H": 3_600_000, "1M": 60_000, "1S": 1000, "1m": 1, "1000u": 1, "1000000n": 1, "0S": 0 };
  for (const [value, milliseconds] of Object.entries(timeouts)) assert.equal(parseTimeout(value), milliseconds, value);
  assert.equal(parseTimeout("99999999H"), 99_999_999 * 3_600_000);
});

test("anything else is no timeout", () => {
  for (const value of [
    "",
    "H",
    "1",
    "1h",
    "1s",
    "-1S",
    "+1S",
    "1.5S",
    "1e3S",
    " 1S",
    "1 S",
    "1S ",
    "123456789n",
    "٣S",
  ]) {
    assert.equal(parseTimeout(value), undefined, `"${value}"`);
  }
  fc.assert(
    fc.property(fc.string(), (value) => {
      const milliseconds = parseTimeout(value);
      assert.ok(milliseconds === undefined || (milliseconds >= 0 && /^\d{1,8}[HMSmun]$/.test(value)));
    }),
  );
});

test("a timeout is never written shorter than it is, and at most a tenth of a per cent longer", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 1e14, noNaN: true }), (milliseconds) => {
      const value = formatTimeout(milliseconds);
      assert.match(value, /^\d{1,8}[HMSmu]$/);
      const read = parseTimeout(value) ?? Number.NaN;
      if (value !== "99999999H") assert.ok(read >= milliseconds * (1 - 1e-12) && read <= milliseconds * 1.001 + 0.001);
    }),
  );
});

test("what is over, and what is endless, can be written", () => {
  assert.equal(formatTimeout(0), "0u");
  assert.equal(formatTimeout(-5), "0u");
  assert.equal(formatTimeout(Number.POSITIVE_INFINITY), "99999999H");
});
