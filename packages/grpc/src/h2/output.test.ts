import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { BufferPool, LARGE_BUFFER, SMALL_BUFFER } from "./buffer-pool.js";
import { Output } from "./output.js";

const SOURCE = Uint8Array.from({ length: 50_000 }, (_, i) => (i * 7 + (i >> 8)) & 0xff);

function drain(output: Output, isHeld: boolean): Uint8Array[] {
  const taken: Uint8Array[] = [];
  for (let bytes = output.take(isHeld); bytes !== undefined; bytes = output.take(true)) taken.push(bytes);
  return taken;
}

test("what is written is taken, in its order, and stays as it is until the socket has it", () => {
  const turn = fc.array(fc.oneof(fc.nat(100), fc.nat(SOURCE.length)), { maxLength: 12 });
  fc.assert(
    fc.property(fc.array(fc.tuple(turn, fc.boolean())), (turns) => {
      const pool = new BufferPool();
      const output = new Output(pool);
      let inSocket: { bytes: Uint8Array; expected: Buffer }[] = [];
      for (const [lengths, socketEmpties] of turns) {
        const written = lengths.map((length) => SOURCE.subarray(0, length));
        for (const bytes of written) {
          output.reserve(bytes.length);
          output.copy(bytes, 0, bytes.length);
        }
        const expected = Buffer.concat(written);
        assert.equal(output.size, expected.length);
        const taken = drain(output, inSocket.length > 0);
        assert.ok(Buffer.concat(taken).equals(expected));
        assert.ok(taken.every((bytes) => bytes.length <= LARGE_BUFFER));
        inSocket.push(...taken.map((bytes) => ({ bytes, expected: Buffer.from(bytes) })));
        for (const { bytes, expected } of inSocket) assert.ok(expected.equals(bytes));
        if (socketEmpties) {
          output.returned();
          inSocket = [];
        }
      }
    }),
  );
});

test("a buffer is used again once the socket has what was in it", () => {
  const pool = new BufferPool();
  const output = new Output(pool);
  const write = () => {
    output.reserve(LARGE_BUFFER);
    output.copy(new Uint8Array(LARGE_BUFFER), 0, LARGE_BUFFER);
    return output.take(false)?.buffer;
  };
  const first = write();
  assert.notEqual(write(), first);
  output.returned();
  output.take(false);
  assert.ok([write(), write()].includes(first));
});

test("a small answer is lent to a socket that holds nothing, and copied for one that does", () => {
  const output = new Output(new BufferPool());
  const write = (isHeld: boolean) => {
    output.reserve(10);
    output.copy(SOURCE, 0, 10);
    return output.take(isHeld)?.buffer.byteLength;
  };
  assert.equal(write(false), SMALL_BUFFER);
  assert.equal(write(true), 10);
});

test("the rest of a large buffer is used when at least so much fits, a small one is outgrown", () => {
  const output = new Output(new BufferPool());
  output.reserve(100);
  output.at += 100;
  assert.ok(output.makeRoom(20_000, 10) >= 20_000);
  output.at = LARGE_BUFFER - 50;
  assert.equal(output.makeRoom(1000, 50), 50);
  assert.ok(output.makeRoom(1000, 51) >= 1000);
});
