import assert from "node:assert/strict";
import { test } from "node:test";
import { ErrorCode, Flags, headers } from "../h2-peer-frames.js";
import { assertCalmed, assertEnded, heldBytes, Victim } from "./victim.js";

// An octet that stands for a field of 4 KiB: 16 KiB of them are 64 MiB.

const LARGE = 4000;

function fill(): number[] {
  // A literal with indexing: name of 1, value of 4000 octets.
  return [
    0x40,
    1,
    0x61,
    0x7f,
    ...[((LARGE - 127) & 0x7f) | 0x80, (LARGE - 127) >> 7],
    ...new Array<number>(LARGE).fill(0x62),
  ];
}

test("references that multiply a large field end the connection, and nothing of it is kept", () => {
  const victim = Victim.begun();
  const before = heldBytes();
  victim.client.write(headers(1, [...fill(), ...new Array<number>(12_000).fill(0xbe)], Flags.EndHeaders));
  assertCalmed(victim, "header_list");
  assert.ok(heldBytes() - before < 1 << 20);
});

test("a table that is filled anew with each request holds no more than 4096 octets", () => {
  const victim = Victim.begun();
  const before = heldBytes();
  for (let i = 0; i < 100; i++) victim.client.write(headers(1 + 2 * i, fill(), Flags.EndHeaders | Flags.EndStream));
  assert.equal(victim.violations.length, 100);
  assert.equal(victim.client.goneAway, undefined);
  assert.ok(heldBytes() - before < 1 << 20);
});

test("a block that cannot be decoded ends the connection: the table is out of step", () => {
  const blocks: Record<string, number[]> = {
    "an index beyond the table": [0xff, 0x7f],
    "a table-size update over our setting": [0x3f, 0xe2, 0x1f],
    "three table-size updates": [0x20, 0x20, 0x20],
    "EOS in Huffman code": [0x04, 0x84, 0xff, 0xff, 0xff, 0xff],
    "over-long padding of Huffman code": [0x04, 0x82, 0x1f, 0xff],
    "an integer over 2^31": [0x04, 0x7f, 0xff, 0xff, 0xff, 0xff, 0x0f],
    "a block cut in the middle": [0x04, 0x05, 0x61],
  };
  for (const block of Object.values(blocks)) {
    const victim = Victim.begun();
    victim.client.write(headers(1, block, Flags.EndHeaders));
    assertEnded(victim, ErrorCode.Compression, "compression");
  }
});

test("a block of a stream that is refused is still decoded: the next one refers to it", () => {
  const victim = Victim.begun({ answers: false });
  victim.client.request(1);
  // After END_STREAM: refused, but its field enters the table, and the next request takes its :path from there.
  victim.client.write(headers(1, [0x44, 2, 0x2f, 0x61], Flags.EndHeaders));
  victim.client.write(headers(3, [0x83, 0x86, 0xbe], Flags.EndHeaders | Flags.EndStream));
  assert.equal(victim.call.exchange.path, "/a");
});
