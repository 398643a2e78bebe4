import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CompressedMessage } from "./compressed-message.js";
import { FREE_PART_BYTES, HeldBytes } from "./held-bytes.js";
import { deflate, gzip } from "./node-zlib.js";
import { COMPRESSED, PREFIX_BYTES, writePrefix } from "./prefix.js";
import { type EnvelopeFault, type Ranges, Splitter } from "./splitter.js";

const END_FLAG = 0x80;
const MEBIBYTE = 1_048_576;

interface Part {
  readonly message: Uint8Array;
  readonly isCompressed: boolean;
}

function envelope(message: Uint8Array, flags = 0): Uint8Array {
  const bytes = new Uint8Array(PREFIX_BYTES + message.length);
  writePrefix(bytes, 0, flags, message.length);
  bytes.set(message, PREFIX_BYTES);
  return bytes;
}

const prefixOf = (length: number) => {
  const bytes = new Uint8Array(PREFIX_BYTES);
  writePrefix(bytes, 0, 0, length);
  return bytes;
};

const bodyOf = (parts: readonly Part[]) =>
  Buffer.concat(
    parts.map(({ message, isCompressed }) =>
      isCompressed ? envelope(gzip.compress(message), COMPRESSED) : envelope(message),
    ),
  );

/** What comes next, inflated. */
function next(splitter: Splitter): Ranges | undefined {
  const came = splitter.take();
  if (!(came instanceof CompressedMessage)) return came;
  const inflated = came.inflate();
  assert.ok(!("kind" in inflated), "it inflates");
  return inflated;
}

function taken(splitter: Splitter): Buffer[] {
  const messages: Buffer[] = [];
  for (let ranges = next(splitter); ranges !== undefined; ranges = next(splitter)) {
    for (let i = 0; i < ranges.count; i++) {
      messages.push(Buffer.from(ranges.bytes.slice(ranges.starts[i], ranges.ends[i])));
    }
  }
  return messages;
}

function faultOf(splitter: Splitter, ...pieces: Uint8Array[]): EnvelopeFault | undefined {
  for (const piece of pieces) {
    const fault = splitter.push(piece, 0, piece.length);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** What is found wrong with the first message when it is inflated. */
function faultOfFirst(splitter: Splitter, body: Uint8Array): EnvelopeFault | undefined {
  assert.equal(faultOf(splitter, body), undefined);
  const came = splitter.take();
  assert.ok(came instanceof CompressedMessage);
  const inflated = came.inflate();
  return "kind" in inflated ? inflated : undefined;
}

const anyParts = fc.array(fc.record({ message: fc.uint8Array({ maxLength: 80 }), isCompressed: fc.boolean() }), {
  maxLength: 12,
});

test("however a body is cut, its messages are the same", () => {
  fc.assert(
    fc.property(anyParts, fc.array(fc.nat({ max: 60 })), fc.boolean(), (parts, cuts, takesEachTime) => {
      const body = bodyOf(parts);
      const splitter = new Splitter(MEBIBYTE, gzip);
      const messages: Buffer[] = [];
      let at = 0;
      for (const cut of [...cuts, body.length]) {
        const end = Math.min(body.length, at + cut);
        // Each piece lies somewhere in bytes of its own, as the network's reads do.
        const piece = Buffer.concat([Buffer.from("before"), body.subarray(at, end), Buffer.from("after")]);
        assert.equal(splitter.push(piece, 6, 6 + end - at), undefined);
        at = end;
        if (takesEachTime) messages.push(...taken(splitter));
      }
      messages.push(...taken(splitter));
      assert.deepEqual(
        messages,
        parts.map(({ message }) => Buffer.from(message)),
      );
      assert.equal(splitter.total, parts.length);
      assert.equal(splitter.isPartial, false);
    }),
  );
});

test("a body cut in two at any place splits the same", () => {
  const parts = ["", "a", "hello", "x".repeat(40)].map((text) => ({ message: Buffer.from(text), isCompressed: false }));
  const body = bodyOf(parts);
  for (let cut = 0; cut <= body.length; cut++) {
    const splitter = new Splitter(MEBIBYTE, undefined);
    assert.equal(faultOf(splitter, body.subarray(0, cut), body.subarray(cut)), undefined);
    assert.equal(taken(splitter).length, parts.length, `cut at ${cut}`);
  }
});

test("it says whether a body may end, at every byte", () => {
  const body = bodyOf([{ message: Buffer.from("abc"), isCompressed: false }]);
  const splitter = new Splitter(MEBIBYTE, undefined);
  for (let i = 0; i < body.length; i++) {
    assert.equal(splitter.isPartial, i > 0);
    splitter.push(body, i, i + 1);
  }
  assert.equal(splitter.isPartial, false);
});

test("whole messages stay where they came in, one range after another", () => {
  const body = bodyOf([1, 2, 3].map((n) => ({ message: Uint8Array.of(n), isCompressed: false })));
  const splitter = new Splitter(MEBIBYTE, undefined);
  splitter.push(body, 0, body.length);
  const ranges = next(splitter);
  assert.equal(ranges?.bytes, body);
  assert.equal(ranges?.count, 3);
  assert.deepEqual([...(ranges?.starts.subarray(0, 3) ?? [])], [5, 11, 17]);
  assert.equal(splitter.take(), undefined);
});

test("a message that came in parts lies behind its prefix in bytes of its own, so that the reads can go", () => {
  const body = bodyOf([{ message: new Uint8Array(100).fill(7), isCompressed: false }]);
  for (const cut of [2, 5, 50]) {
    const splitter = new Splitter(MEBIBYTE, undefined);
    faultOf(splitter, body.subarray(0, cut), body.subarray(cut));
    const ranges = next(splitter);
    assert.notEqual(ranges?.bytes.buffer, body.buffer);
    assert.deepEqual(Buffer.from(ranges?.bytes ?? []), body);
    assert.equal(ranges?.starts[0], PREFIX_BYTES);
  }
});

test("ranges that were given back are written into again, unless others have begun", () => {
  const body = bodyOf([1, 2, 3].map((n) => ({ message: Uint8Array.of(n), isCompressed: false })));
  const splitter = new Splitter(MEBIBYTE, undefined);
  const again = () => {
    splitter.push(body, 0, body.length);
    const ranges = next(splitter);
    assert.ok(ranges !== undefined);
    assert.deepEqual([...ranges.starts.subarray(0, ranges.count)], [5, 11, 17]);
    return ranges;
  };
  const first = again();
  splitter.recycle(first);
  const second = again();
  assert.equal(second.starts, first.starts);
  splitter.push(body, 0, 6);
  splitter.recycle(second);
  splitter.push(body, 6, body.length);
  assert.notEqual(next(splitter)?.starts, second.starts);
});

test("more messages than one array of ranges holds are all there", () => {
  const body = Buffer.concat(Array.from({ length: 1000 }, (_, i) => envelope(Uint8Array.of(i))));
  const splitter = new Splitter(MEBIBYTE, undefined);
  splitter.push(body, 0, body.length);
  assert.deepEqual(
    taken(splitter).map(([byte]) => byte),
    Array.from({ length: 1000 }, (_, i) => i & 0xff),
  );
});

for (const length of [101, 2 ** 31, 2 ** 32 - 1]) {
  test(`${length} declared bytes are refused at once, however the prefix comes`, () => {
    const fault = { kind: "too-large", bytes: length, maxBytes: 100 };
    const prefix = prefixOf(length);
    assert.deepEqual(faultOf(new Splitter(100, undefined), prefix), fault);
    assert.deepEqual(
      faultOf(new Splitter(100, undefined), ...Array.from(prefix, (byte) => Uint8Array.of(byte))),
      fault,
    );
    assert.deepEqual(faultOf(new Splitter(100, undefined), Buffer.concat([prefix, new Uint8Array(50)])), fault);
  });
}

test("a message of exactly the limit passes, whole and in parts", () => {
  const body = envelope(new Uint8Array(100));
  for (const cut of [0, 3, 5, 50]) {
    const splitter = new Splitter(100, undefined);
    assert.equal(faultOf(splitter, body.subarray(0, cut), body.subarray(cut)), undefined);
    assert.equal(taken(splitter).length, 1);
  }
});

test("what is declared and not sent reserves next to nothing", () => {
  const before = process.memoryUsage().arrayBuffers;
  const splitters = Array.from({ length: 100 }, () => {
    const splitter = new Splitter(4 * MEBIBYTE, undefined);
    faultOf(splitter, prefixOf(4 * MEBIBYTE), new Uint8Array(10));
    return splitter;
  });
  const reserved = process.memoryUsage().arrayBuffers - before;
  assert.ok(reserved < 4 * MEBIBYTE, `${reserved} bytes for ${splitters.length} stalled streams`);
});

test("a long message that comes in many parts is whole in the end", () => {
  const message = Uint8Array.from({ length: 300_000 }, (_, i) => i * 7);
  const body = envelope(message);
  const splitter = new Splitter(MEBIBYTE, undefined);
  for (let at = 0; at < body.length; at += 1371) splitter.push(body, at, Math.min(body.length, at + 1371));
  assert.deepEqual(taken(splitter), [Buffer.from(message)]);
});

test("compressed messages need a compression, and must be what they say", () => {
  const message = Buffer.from("hello");
  const compressed = envelope(gzip.compress(message), COMPRESSED);
  assert.deepEqual(faultOf(new Splitter(100, undefined), compressed), { kind: "unexpected-compression" });
  assert.deepEqual(faultOfFirst(new Splitter(100, deflate), compressed), {
    kind: "malformed-compression",
    encoding: "deflate",
  });
  const splitter = new Splitter(100, gzip);
  assert.equal(faultOf(splitter, compressed), undefined);
  assert.deepEqual(taken(splitter), [message]);
});

test("inflation is bounded", () => {
  const bomb = envelope(gzip.compress(new Uint8Array(10 * MEBIBYTE)), COMPRESSED);
  assert.deepEqual(faultOfFirst(new Splitter(MEBIBYTE, gzip), bomb), {
    kind: "too-large",
    bytes: undefined,
    maxBytes: MEBIBYTE,
  });
});

test("compressed messages stay as they came until they are taken, in bytes of their own", () => {
  const bomb = envelope(gzip.compress(new Uint8Array(MEBIBYTE)), COMPRESSED);
  const before = process.memoryUsage().arrayBuffers;
  const splitter = new Splitter(MEBIBYTE, gzip);
  for (let i = 0; i < 100; i++) splitter.push(bomb, 0, bomb.length);
  const held = process.memoryUsage().arrayBuffers - before;
  assert.ok(held < 2 * 100 * bomb.length, `${held} bytes for 100 messages of ${bomb.length}`);
  bomb.fill(0);
  assert.equal(taken(splitter).length, 100);
});

test("what messages hold that have come in part is counted beyond their first 16 KiB, and given back", () => {
  const held = new HeldBytes(4 * FREE_PART_BYTES);
  const length = 5 * FREE_PART_BYTES - PREFIX_BYTES;
  const body = envelope(new Uint8Array(length));
  const fault: EnvelopeFault = { kind: "too-much-held", maxBytes: 4 * FREE_PART_BYTES };
  const begun = new Splitter(MEBIBYTE, undefined, 0, held);
  assert.equal(faultOf(begun, body.subarray(0, 50_000), body.subarray(50_000, -1)), undefined);
  const late = new Splitter(MEBIBYTE, undefined, 0, held);
  assert.equal(faultOf(late, body.subarray(0, FREE_PART_BYTES)), undefined);
  assert.deepEqual(faultOf(late, body.subarray(FREE_PART_BYTES, -1)), fault);
  late.release();
  begun.push(body, body.length - 1, body.length);
  assert.deepEqual(faultOf(new Splitter(MEBIBYTE, undefined, 0, held), body.subarray(0, 50_000), body), fault);
  assert.equal(taken(begun).length, 1);
  const stopped = new Splitter(MEBIBYTE, undefined, 0, held);
  assert.equal(faultOf(stopped, body.subarray(0, 50_000), body.subarray(50_000, -1)), undefined);
  stopped.release();
  stopped.release();
  assert.ok(held.take(4 * FREE_PART_BYTES), "all is there again");
});

test("unknown flags are a fault", () => {
  for (const flags of [2, 0x40, 0xff]) {
    assert.deepEqual(faultOf(new Splitter(100, gzip), envelope(new Uint8Array(1), flags)), {
      kind: "unknown-flags",
      flags,
    });
  }
  assert.equal(faultOf(new Splitter(100, gzip), envelope(new Uint8Array(1), END_FLAG))?.kind, "unknown-flags");
});

test("the envelope with the end flag is no message, and the last", () => {
  const end = Buffer.from("grpc-status: 0\r\n");
  for (const flagged of [envelope(end, END_FLAG), envelope(gzip.compress(end), END_FLAG | COMPRESSED)]) {
    const splitter = new Splitter(100, gzip, END_FLAG);
    assert.equal(faultOf(splitter, envelope(Uint8Array.of(1)), flagged), undefined);
    assert.equal(taken(splitter).length, 1);
    assert.deepEqual(Buffer.from(splitter.endMessage ?? []), end);
    assert.deepEqual(faultOf(splitter, Uint8Array.of(0)), { kind: "after-end" });
  }
});

test("any bytes at all end in messages, a fault, or the wait for more", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), (pieces) => {
      const splitter = new Splitter(30, gzip, END_FLAG);
      faultOf(splitter, ...pieces);
      for (let came = splitter.take(); came !== undefined; came = splitter.take()) {
        const inflated = came instanceof CompressedMessage ? came.inflate() : came;
        if ("kind" in inflated) continue;
        for (let i = 0; i < inflated.count; i++) assert.ok((inflated.ends[i] ?? 0) - (inflated.starts[i] ?? 0) <= 30);
      }
    }),
  );
});
