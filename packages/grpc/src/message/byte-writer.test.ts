import assert from "node:assert/strict";
import { test } from "node:test";
import { ByteWriter } from "./byte-writer.js";

function write(out: ByteWriter, length: number, value: number): void {
  out.append(new Uint8Array(length).fill(value));
}

test("a range that was written never changes when its slab is full", () => {
  const out = new ByteWriter(100);
  out.begin();
  write(out, 60, 1);
  const { bytes, mark, at } = out;
  for (let value = 2; value < 100; value++) {
    out.begin();
    write(out, 30, value);
  }
  assert.deepEqual(bytes.subarray(mark, at), new Uint8Array(60).fill(1));
});

test("the unfinished message moves along to the next slab, and only it", () => {
  const out = new ByteWriter(100);
  out.begin();
  write(out, 60, 1);
  const before = out.bytes;
  out.begin();
  write(out, 30, 2);
  assert.equal(out.bytes, before);
  write(out, 30, 3);
  assert.notEqual(out.bytes, before);
  assert.equal(out.mark, 0);
  assert.deepEqual([...out.bytes.subarray(out.mark, out.at)], [...Array(30).fill(2), ...Array(30).fill(3)]);
});

test("a message longer than a slab gets a longer one", () => {
  const out = new ByteWriter(16);
  out.begin();
  for (let i = 0; i < 1000; i++) write(out, 7, i);
  assert.equal(out.at - out.mark, 7000);
  assert.equal(out.bytes[out.mark + 6999], 999 & 255);
});

test("a message that is cancelled leaves nothing behind", () => {
  const out = new ByteWriter(100);
  out.begin();
  write(out, 10, 1);
  out.begin();
  write(out, 200, 2);
  out.cancel();
  assert.equal(out.at, out.mark);
});

test("a writer that nobody uses holds no slab", () => {
  assert.equal(new ByteWriter().bytes.length, 0);
});

test("part of an array may be appended", () => {
  const out = new ByteWriter(8);
  out.append(Uint8Array.of(1, 2, 3, 4), 1, 3);
  assert.deepEqual([...out.bytes.subarray(0, out.at)], [2, 3]);
});
