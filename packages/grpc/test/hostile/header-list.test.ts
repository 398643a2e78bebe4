import assert from "node:assert/strict";
import { test } from "node:test";
import type { Fields } from "../../src/exchange.js";
import { encodeConstant } from "../../src/h2/hpack/encoder.js";
import { REQUEST } from "../h2-peer.js";
import { continuation, Flags, headers, Type } from "../h2-peer-frames.js";
import { assertCalmed, assertServes, Victim } from "./victim.js";

/** A block of any size, as frames. */
function frames(stream: number, fields: Fields, pseudo: Fields): Uint8Array[] {
  const block = encodeConstant(fields, pseudo);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < block.length; at += 16_384) parts.push(block.subarray(at, at + 16_384));
  return parts.map((part, i) => {
    const flags = i === parts.length - 1 ? Flags.EndHeaders : 0;
    return i === 0 ? headers(stream, part, flags | Flags.EndStream) : continuation(stream, part, flags);
  });
}

/** Octets that Huffman code does not shorten. */
const fat = (octets: number) => "~".repeat(octets);

test("a list of more than 16 KiB is answered with RESOURCE_EXHAUSTED if it is gRPC's, and the connection goes on", () => {
  const victim = Victim.begun();
  victim.client.write(...frames(1, ["large", fat(16_384)], REQUEST));
  assert.equal(victim.calls.length, 0);
  const [answer] = victim.client.ofType(Type.Headers, 1);
  const fields = victim.client.fieldsOf(answer);
  assert.deepEqual(fields.slice(0, 6), [":status", "200", "content-type", "application/grpc", "grpc-status", "8"]);
  assert.ok((answer?.flags ?? 0) & Flags.EndStream);
  assert.deepEqual(victim.violations, ["header_list"]);
  assertServes(victim, 3);
});

test("others get the status 431", () => {
  const victim = Victim.begun();
  const pseudo = [":method", "GET", ":scheme", "http", ":path", "/"];
  victim.client.write(...frames(1, ["large", fat(16_384)], pseudo));
  assert.deepEqual(victim.client.fieldsOf(victim.client.ofType(Type.Headers, 1)[0]).slice(0, 2), [":status", "431"]);
  assertServes(victim, 3);
});

test("128 fields pass, 129 are too many", () => {
  const victim = Victim.begun();
  const fields = Array.from({ length: 128 - REQUEST.length / 2 }, (_, i) => [`a${i}`, ""]).flat();
  victim.client.write(...frames(1, fields, REQUEST));
  assert.equal(victim.calls.length, 1);
  victim.client.write(...frames(3, [...fields, "a", ""], REQUEST));
  assert.equal(victim.calls.length, 1);
  assert.deepEqual(victim.violations, ["header_list"]);
  assertServes(victim, 5);
});

test("a list of more than twice the limit ends the connection", () => {
  const victim = Victim.begun();
  victim.client.write(...frames(1, ["large", fat(32_768)], []));
  assertCalmed(victim, "header_list");
});
