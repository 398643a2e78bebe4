/** An array of this many numbers or fewer lies in V8's own heap, and costs next to nothing. */
const ON_HEAP = 16;
const SLAB_LENGTH = 16 * 1024;

let slab = new Int32Array(0);
let used = 0;

/** An array for where messages start or end. What it holds at first is anything. */
export function rangeArray(length: number): Int32Array {
  if (length <= ON_HEAP) return new Int32Array(length);
  // Memory of its own would cost three times a view, and the garbage collector as much again.
  if (slab.length - used < length) {
    slab = new Int32Array(Math.max(SLAB_LENGTH, length));
    used = 0;
  }
  const array = slab.subarray(used, used + length);
  used += length;
  return array;
}
