import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeConstant } from "../../src/h2/hpack/encoder.js";
import { REQUEST, REQUEST_BLOCK } from "../h2-peer.js";
import { data, ErrorCode, Flags, headers, windowUpdate } from "../h2-peer-frames.js";
import { assertCalmed, assertServes, Victim } from "./victim.js";

// CVE-2025-8671: as rapid reset, but the peer breaks the protocol so that we send the RST_STREAM.

const LENGTH_1 = encodeConstant(["content-length", "1"], REQUEST);
const UPPER_CASE = encodeConstant(["Upper", "1"], REQUEST);
const NO_PATH = encodeConstant([], [":method", "POST", ":scheme", "http"]);

const OPEN = Flags.EndHeaders;
const WHOLE = Flags.EndHeaders | Flags.EndStream;

/** What makes us reset a stream, each with the code and the name. */
const provocations: Record<string, [frames: (stream: number) => Uint8Array[], code: number, name: string]> = {
  "WINDOW_UPDATE of 0": [
    (id) => [headers(id, REQUEST_BLOCK, OPEN), windowUpdate(id, 0)],
    ErrorCode.Protocol,
    "window_increment",
  ],
  "a window beyond 2^31-1": [
    (id) => [headers(id, REQUEST_BLOCK, OPEN), windowUpdate(id, 2 ** 31 - 1)],
    ErrorCode.FlowControl,
    "window_overflow",
  ],
  "DATA after END_STREAM": [
    (id) => [headers(id, REQUEST_BLOCK, WHOLE), data(id, [1])],
    ErrorCode.StreamClosed,
    "closed_stream",
  ],
  "HEADERS after END_STREAM": [
    (id) => [headers(id, REQUEST_BLOCK, WHOLE), headers(id, REQUEST_BLOCK, WHOLE)],
    ErrorCode.StreamClosed,
    "closed_stream",
  ],
  "HEADERS that depend on themselves": [
    (id) => [headers(id, [0, 0, id >> 8, id & 0xff, 1, ...REQUEST_BLOCK], WHOLE | Flags.Priority)],
    ErrorCode.Protocol,
    "self_dependency",
  ],
  "more DATA than content-length says": [
    (id) => [headers(id, LENGTH_1, OPEN), data(id, [1, 2])],
    ErrorCode.Protocol,
    "content_length",
  ],
  "trailers without END_STREAM": [
    (id) => [headers(id, REQUEST_BLOCK, OPEN), headers(id, encodeConstant(["a", "1"]), OPEN)],
    ErrorCode.Protocol,
    "malformed_trailers",
  ],
  "a name in upper case": [(id) => [headers(id, UPPER_CASE, WHOLE)], ErrorCode.Protocol, "malformed_fields"],
  "no :path": [(id) => [headers(id, NO_PATH, WHOLE)], ErrorCode.Protocol, "malformed_request"],
};

for (const [what, [frames, code, name]] of Object.entries(provocations)) {
  test(`${what} resets the stream, and does so two hundred times before the connection ends`, () => {
    const victim = Victim.begun({ answers: false });
    victim.client.write(...frames(1));
    assert.equal(victim.client.resetOf(1), code);
    assert.deepEqual(victim.violations, [name]);
    assert.equal(victim.openCalls, 0);
    for (let i = 1; i < 200; i++) victim.client.write(...frames(1 + 2 * i));
    assert.equal(victim.client.goneAway, undefined);
    victim.client.write(...frames(401));
    assertCalmed(victim, "own_resets");
  });
}

test("twenty resets a second that we were made to send pass for ever", () => {
  const victim = Victim.begun({ answers: false });
  for (let second = 0; second < 60; second++) {
    for (let i = 0; i < 20; i++) victim.client.write(headers(1 + 2 * (20 * second + i), UPPER_CASE, WHOLE));
    victim.wait(1000);
  }
  assertServes(victim, 10_001);
});

test("the count goes on after a GOAWAY: draining is no way around it", () => {
  const victim = Victim.begun({ answers: false });
  victim.client.request(1, 0);
  victim.connection.drain();
  victim.settle();
  const [frames] = provocations["DATA after END_STREAM"] ?? assert.fail();
  for (let i = 1; i <= 201; i++) victim.client.write(...frames(1 + 2 * i));
  assertCalmed(victim, "own_resets");
});
