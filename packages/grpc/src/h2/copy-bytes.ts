/** Up to here four bytes at a time cost less than a view and a call of `set()`. */
const MAX_BY_WORDS = 192;
/** Up to here one by one does. */
const MAX_BY_BYTES = 64;

/** What was copied from last. What comes a second time in a row, such as the slab of all answers, gets a view. */
let source: Uint8Array = new Uint8Array(0);
let view: DataView | undefined;

/**
 * Copies from[start, end) to to[at...], where there is room.
 *
 * @param toView of all of `to`
 */
export function copyBytes(
  from: Uint8Array,
  start: number,
  end: number,
  to: Uint8Array,
  toView: DataView,
  at: number,
): void {
  const length = end - start;
  if (length <= MAX_BY_WORDS && from === source) {
    view ??= viewOf(from);
    copyWords(view, start, end, toView, at);
    return;
  }
  source = from;
  view = undefined;
  if (length <= MAX_BY_BYTES) for (let i = start; i < end; i++) to[at++] = from[i] as number;
  else to.set(length === from.length ? from : from.subarray(start, end), at);
}

/** Neither side need be aligned. Little-endian is how processors have it: nothing is turned round. */
export function copyWords(from: DataView, start: number, end: number, to: DataView, at: number): void {
  let i = start;
  for (; i + 4 <= end; i += 4, at += 4) to.setInt32(at, from.getInt32(i, true), true);
  for (; i < end; i++) to.setInt8(at++, from.getInt8(i));
}

/** A view of the same bytes. */
export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
