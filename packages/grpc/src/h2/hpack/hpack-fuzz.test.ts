import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { HpackDecoder } from "./decoder.js";
import { encodeConstant, HpackEncoder } from "./encoder.js";

const LIMITS = { maxListBytes: 2048, maxFields: 32 };

const REQUEST = [
  ...[":method", "POST", ":scheme", "http", ":path", "/routeguide.RouteGuide/GetFeature", ":authority", "localhost"],
  ...["content-type", "application/grpc", "te", "trailers", "grpc-timeout", "99m", "user-agent", "grpc-node-js/1.14.7"],
];

/** The same request as different encoders' blocks: constant, filling the table, and out of the table. */
function requestBlocks(): Uint8Array[] {
  const encoder = new HpackEncoder();
  const blocks = [encodeConstant(REQUEST)];
  for (let round = 0; round < 3; round++) {
    const output = { bytes: new Uint8Array(4096), at: 0, reserve: () => {} };
    encoder.encode(REQUEST, output);
    blocks.push(output.bytes.slice(0, output.at));
  }
  return blocks;
}

const mutations = fc.array(
  fc.record({
    block: fc.nat({ max: 3 }),
    edits: fc.array(fc.tuple(fc.nat({ max: 300 }), fc.nat({ max: 255 })), { maxLength: 4 }),
    cut: fc.option(fc.nat({ max: 300 }), { nil: undefined }),
  }),
  { minLength: 1, maxLength: 12 },
);

function mutated(
  block: Uint8Array,
  edits: readonly (readonly [number, number])[],
  cut: number | undefined,
): Uint8Array {
  const bytes = block.slice(0, cut);
  for (const [at, octet] of edits) if (bytes.length > 0) bytes[at % bytes.length] = octet;
  return bytes;
}

test("a mutated block decodes, or is an error with a name, and what it gives keeps to the limits", () => {
  const blocks = requestBlocks();
  fc.assert(
    fc.property(mutations, (sequence) => {
      const decoder = new HpackDecoder(4096, LIMITS);
      for (const { block, edits, cut } of sequence) {
        const bytes = mutated(blocks[block] as Uint8Array, edits, cut);
        const fields = decoder.decode(bytes, 0, bytes.length);
        assert.equal(fields === undefined, decoder.error !== undefined);
        if (fields === undefined) return;
        const kept = fields.reduce((sum, text) => sum + text.length + 16, 0);
        assert.ok(kept <= LIMITS.maxListBytes && fields.length <= 2 * LIMITS.maxFields && fields.length % 2 === 0);
      }
    }),
    { numRuns: 2000 },
  );
});

test("random octets never throw, wherever they stand in their buffer", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat({ max: 400 }), (bytes, skip) => {
      const start = Math.min(skip, bytes.length);
      const alone = new HpackDecoder(4096, LIMITS);
      const inside = new HpackDecoder(4096, LIMITS);
      assert.deepEqual(
        inside.decode(bytes, start, bytes.length),
        alone.decode(bytes.slice(start), 0, bytes.length - start),
      );
      assert.equal(inside.error, alone.error);
    }),
    { numRuns: 2000 },
  );
});
