import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { HeaderBlock } from "../exchange.js";
import { BlockEncoder } from "./block-encoder.js";
import { HpackDecoder } from "./hpack/decoder.js";

const STATUS = [":status", "200"];
const PATH = [":method", "POST", ":path", "/a"];
const NONE: string[] = [];
const LIMITS = { maxListBytes: 1 << 20, maxFields: 1000 };

test("whatever blocks are sent, new or again, with whatever table the peer allows, it decodes them", () => {
  const texts = fc.constantFrom("a", "x-b", "grpc-status", "content-type", "application/grpc", "0", "long".repeat(100));
  const block = fc.array(fc.tuple(texts, texts), { maxLength: 5 }).map((pairs) => ({ fields: pairs.flat() }));
  const step = fc.record({
    block: fc.nat(7),
    pseudo: fc.constantFrom(STATUS, PATH, NONE, [...STATUS]),
    table: fc.option(fc.constantFrom(0, 60, 4096, 100_000), { nil: undefined, freq: 4 }),
  });
  fc.assert(
    fc.property(fc.array(block, { minLength: 8, maxLength: 8 }), fc.array(step, { maxLength: 40 }), (blocks, steps) => {
      const encoders = [new BlockEncoder(), new BlockEncoder()];
      const decoders = [new HpackDecoder(100_000, LIMITS), new HpackDecoder(100_000, LIMITS)];
      for (const [i, { block, pseudo, table }] of steps.entries()) {
        // Blocks are shared between connections, so each goes out on both.
        const [encoder, decoder] = [encoders[i % 2] as BlockEncoder, decoders[i % 2] as HpackDecoder];
        if (table !== undefined) encoder.setMaxTableBytes(table);
        const sent = blocks[block] as HeaderBlock;
        const { bytes, at } = encoder.encode(sent, pseudo);
        assert.deepEqual(decoder.decode(bytes, 0, at), [...pseudo, ...sent.fields], decoder.error);
      }
    }),
  );
});

test("a block that is sent again is not encoded again", () => {
  const encoder = new BlockEncoder();
  const block: HeaderBlock = { fields: ["x-a", "1"] };
  encoder.encode(block, STATUS);
  const kept = encoder.encode(block, STATUS);
  assert.equal(encoder.encode(block, [...STATUS]), kept);
  assert.equal(new BlockEncoder().encode(block, STATUS), kept);
});
