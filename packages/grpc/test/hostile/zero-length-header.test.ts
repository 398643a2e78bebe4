import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeConstant } from "../../src/h2/hpack/encoder.js";
import { REQUEST, REQUEST_BLOCK } from "../h2-peer.js";
import { ErrorCode, Flags, headers } from "../h2-peer-frames.js";
import { assertCalmed, assertReset, heldBytes, Victim } from "./victim.js";

// CVE-2019-9516: fields without name and value, each of which costs an allocation that the peer does not pay for.

const WHOLE = Flags.EndHeaders | Flags.EndStream;

test("a field without a name is malformed", () => {
  const victim = Victim.begun();
  victim.client.write(headers(1, encodeConstant(["", ""], REQUEST), WHOLE));
  assertReset(victim, 1, ErrorCode.Protocol, "malformed_fields");
});

test("thousands of them are over the list's limits, at 32 octets each", () => {
  const victim = Victim.begun();
  const before = heldBytes();
  const nameless = new Array<number>(3 * 4000).fill(0);
  victim.client.write(headers(1, [...REQUEST_BLOCK, ...nameless], WHOLE));
  assertCalmed(victim, "header_list");
  assert.ok(heldBytes() - before < 1 << 20);
});

test("empty values of named fields are fields like others", () => {
  const victim = Victim.begun();
  victim.client.write(headers(1, encodeConstant(["a", "", "b", ""], REQUEST), WHOLE));
  assert.deepEqual(victim.call.exchange.fields.slice(-4), ["a", "", "b", ""]);
});
