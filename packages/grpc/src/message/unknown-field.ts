import { cursor, MAX_DEPTH, MAX_UNKNOWN_FIELDS, malformed, tooDeep, tooManyUnknown, truncated } from "./cursor.js";
import { copyOf, longInt32, longTag, longUint32 } from "./read-value.js";

/** A field as it came: `data` is what followed the tag. */
export interface UnknownField {
  readonly no: number;
  readonly wireType: number;
  readonly data: Uint8Array;
}

/** Keeps a field that the schema does not know, or knows with another wire type. Returns where the next one begins. */
export function unknownField(
  message: { $unknown?: UnknownField[] },
  bytes: Uint8Array,
  tag: number,
  at: number,
  end: number,
  depth: number,
): number {
  const next = skip(bytes, tag, at, end, depth);
  keepUnknown(message, tag, copyOf(bytes, at, next));
  return next;
}

/** Keeps a value that a closed enum does not have: undefined if it was read past the end, which is an error soon. */
export function unknownEnum(message: { $unknown?: UnknownField[] }, tag: number, value: number | undefined): void {
  const data: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value ?? 0));
  for (; rest > 127n; rest >>= 7n) data.push(Number(rest & 127n) | 128);
  data.push(Number(rest));
  keepUnknown(message, tag, Uint8Array.from(data));
}

/** Returns where the field after this one begins; `at` is behind the tag. */
export function skip(bytes: Uint8Array, tag: number, at: number, end: number, depth: number): number {
  if (tag >>> 3 === 0) throw malformed(tag, at, "there is no such field number");
  const next = skipped(bytes, tag, at, end, depth);
  if (next > end) throw truncated(tag, at);
  return next;
}

/**
 * Where the tag that ends a group begins; it ends at `cursor.at`.
 *
 * @param group that tag
 * @param depth the group counted
 */
export function endOfGroup(bytes: Uint8Array, group: number, at: number, end: number, depth: number): number {
  while (at < end) {
    const start = at;
    let tag = bytes[at++] ?? 0;
    if (tag > 127) {
      tag = longTag(bytes, at, tag);
      at = cursor.at;
    }
    if (tag === group) {
      cursor.at = at;
      return start;
    }
    at = skip(bytes, tag, at, end, depth);
  }
  throw truncated(group, at);
}

function skipped(bytes: Uint8Array, tag: number, at: number, end: number, depth: number): number {
  switch (tag & 7) {
    case 0:
      if ((bytes[at] ?? 0) < 128) return at + 1;
      longInt32(bytes, at + 1, 0, tag);
      return cursor.at;
    case 1:
      return at + 8;
    case 2: {
      let length = bytes[at++] ?? 0;
      if (length > 127) {
        length = longUint32(bytes, at, length, tag);
        at = cursor.at;
      }
      return at + length;
    }
    case 3:
      return skipGroup(bytes, tag, at, end, depth + 1);
    case 5:
      return at + 4;
    default:
      throw malformed(tag, at, `wire type ${tag & 7} is out of place`);
  }
}

function skipGroup(bytes: Uint8Array, group: number, at: number, end: number, depth: number): number {
  if (depth > MAX_DEPTH) throw tooDeep(at);
  endOfGroup(bytes, group + 1, at, end, depth);
  return cursor.at;
}

function keepUnknown(message: { $unknown?: UnknownField[] }, tag: number, data: Uint8Array): void {
  if (++cursor.unknownFields > MAX_UNKNOWN_FIELDS) throw tooManyUnknown();
  const field = { no: tag >>> 3, wireType: tag & 7, data };
  if (message.$unknown === undefined) message.$unknown = [field];
  else message.$unknown.push(field);
}
