import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Fields } from "../../exchange.js";
import { HpackDecoder } from "./decoder.js";
import { encodeConstant, HpackEncoder } from "./encoder.js";

const LIMITS = { maxListBytes: 1 << 20, maxFields: 1000 };

const names = fc.oneof(
  fc.constantFrom(":path", ":authority", "content-type", "grpc-timeout", "user-agent", "authorization", "te", "x-id"),
  fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/),
);
const values = fc.oneof(
  fc.constantFrom("", "/", "GET", "gzip, deflate", "application/grpc", "trailers"),
  fc.uint8Array({ maxLength: 80 }).map((octets) => String.fromCharCode(...octets)),
  fc.integer({ min: 100, max: 3000 }).map((length) => "v".repeat(length)),
);
const fieldLists = fc.array(fc.tuple(names, values), { maxLength: 12 }).map((pairs) => pairs.flat());

/** Grows by exactly what is asked for, so that a bound that is too small shows as a lost octet. */
class Output {
  bytes = new Uint8Array(0);
  at = 0;
  reserve(n: number): void {
    const bytes = new Uint8Array(this.at + n);
    bytes.set(this.bytes.subarray(0, this.at));
    this.bytes = bytes;
  }
}

class Pair {
  readonly encoder = new HpackEncoder();
  readonly decoder: HpackDecoder;

  constructor(maxTableBytes = 4096) {
    this.decoder = new HpackDecoder(maxTableBytes, LIMITS);
  }

  /** Sends fields through both. */
  send(fields: Fields): { fields: Fields | undefined; octets: number[] } {
    const output = new Output();
    this.encoder.encode(fields, output);
    assert.ok(output.at <= output.bytes.length, "every octet found room");
    return {
      fields: this.decoder.decode(output.bytes, 0, output.at),
      octets: [...output.bytes.subarray(0, output.at)],
    };
  }
}

test("blocks that come again and again, as the peer's table size changes, decode to their fields each time", () => {
  const lists = fc.array(fieldLists, { minLength: 1, maxLength: 4 });
  const step = fc.tuple(fc.nat({ max: 3 }), fc.option(fc.nat({ max: 5000 }), { nil: undefined, freq: 4 }));
  fc.assert(
    fc.property(lists, fc.array(step, { maxLength: 40 }), (lists, steps) => {
      const pair = new Pair(5000);
      for (const [index, tableBytes] of steps) {
        if (tableBytes !== undefined) pair.encoder.setMaxTableBytes(tableBytes);
        const fields = lists[index % lists.length] ?? [];
        assert.deepEqual(pair.send(fields).fields, fields, pair.decoder.error);
      }
    }),
  );
});

test("a constant block decodes to its fields, pseudo-header fields first", () => {
  fc.assert(
    fc.property(fieldLists, fieldLists, (fields, pseudo) => {
      const block = encodeConstant(fields, pseudo);
      assert.deepEqual(new HpackDecoder(0, LIMITS).decode(block, 0, block.length), [...pseudo, ...fields]);
    }),
  );
});

test("a constant block takes an octet for a field of the static table", () => {
  assert.deepEqual([...encodeConstant(["accept-encoding", "gzip, deflate"], [":status", "200"])], [0x88, 0x90]);
});

test("a field enters the table when it is sent again, and is one octet from then on", () => {
  const pair = new Pair();
  const fields = ["x-tenant", "north-west"];
  const lengths = [1, 2, 3, 4].map(() => pair.send(fields).octets.length);
  assert.equal(lengths[0], lengths[1]);
  assert.deepEqual(lengths.slice(2), [1, 1]);
});

test("a value that differs in every call never enters the table, and its name is not spelt out twice", () => {
  const pair = new Pair();
  pair.send(["x-tenant", "1"]);
  pair.send(["x-tenant", "1"]);
  for (let i = 0; i < 300; i++) pair.send(["x-request-id", `request ${i}`]);
  assert.deepEqual(pair.send(["x-tenant", "1"]).octets, [0xbe], "it still is the only entry");
  assert.ok(pair.send(["x-tenant", "2"]).octets.length <= 4);
});

test("what identifies somebody is never indexed", () => {
  const pair = new Pair();
  for (let round = 0; round < 3; round++) {
    for (const name of ["authorization", "proxy-authorization", "cookie", "set-cookie"]) {
      const { octets } = pair.send([name, "Bearer 1"]);
      assert.equal((octets[0] ?? 0) & 0xf0, 0x10, name);
      assert.equal((encodeConstant([name, "Bearer 1"])[0] ?? 0) & 0xf0, 0x10, name);
    }
  }
});

test("a smaller table is told before the next block, even if it has grown again, and is emptied", () => {
  const pair = new Pair();
  pair.send(["a", "1"]);
  pair.send(["a", "1"]);
  assert.deepEqual(pair.send(["a", "1"]).octets, [0xbe]);
  pair.encoder.setMaxTableBytes(0);
  pair.encoder.setMaxTableBytes(100);
  const { octets } = pair.send(["a", "2"]);
  assert.deepEqual(octets.slice(0, 3), [0x20, 0x3f, 69]);
  assert.notDeepEqual(pair.send(["a", "1"]).octets, [0xbe]);
});

test("table-size updates can be written in front of a constant block", () => {
  const pair = new Pair();
  pair.encoder.setMaxTableBytes(10);
  const output = new Output();
  pair.encoder.begin(output);
  assert.deepEqual([...output.bytes.subarray(0, output.at)], [0x2a]);
  pair.encoder.begin(output);
  assert.equal(output.at, 1, "told once");
});

test("the same size again, or more than 4096, changes nothing", () => {
  const pair = new Pair();
  pair.encoder.setMaxTableBytes(4096);
  pair.encoder.setMaxTableBytes(2 ** 32 - 1);
  assert.deepEqual(pair.send([":method", "GET"]).octets, [0x82]);
});

test("a character beyond an octet becomes a question mark, and no line end", () => {
  const block = encodeConstant(["a", "x\u010ay"]);
  assert.deepEqual(new HpackDecoder(0, LIMITS).decode(block, 0, block.length), ["a", "x?y"]);
});
