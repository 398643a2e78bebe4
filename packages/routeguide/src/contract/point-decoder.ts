import { WireReader, WireType } from "./wire-reader.js";

export const LATITUDE_TAG = (1 << 3) | WireType.Varint;
export const LONGITUDE_TAG = (2 << 3) | WireType.Varint;

const reader = new WireReader();
const fields = { latitude: 0, longitude: 0 };

/**
 * Decodes the routeguide.Point messages `from`, `from + 1`, ... of a batch into latitudes[0...] and longitudes[0...], without an object a point.
 * Message i lies in bytes[starts[i], ends[i]). Ranges of coordinates are not checked.
 *
 * @returns how many were decoded: `count`, or fewer if the next one is malformed
 */
export function decodePoints(
  bytes: Uint8Array,
  starts: Int32Array,
  ends: Int32Array,
  from: number,
  count: number,
  latitudes: Int32Array,
  longitudes: Int32Array,
): number {
  for (let i = 0; i < count; i++) {
    const start = starts[from + i] as number;
    const end = ends[from + i] as number;
    let latitude = 0;
    let longitude = 0;
    let at = start;
    // A message whose last byte ends a varint holds no varint that runs over its end: the hot loop needs no check a byte.
    let isPlain = end === start || (bytes[end - 1] as number) < 0x80;
    while (isPlain && at < end) {
      const tag = bytes[at++] as number;
      if (at === end || (tag !== LATITUDE_TAG && tag !== LONGITUDE_TAG)) {
        isPlain = false;
        break;
      }
      let byte = bytes[at++] as number;
      let value = byte & 0x7f;
      if (byte >= 0x80) {
        byte = bytes[at++] as number;
        value |= (byte & 0x7f) << 7;
        if (byte >= 0x80) {
          byte = bytes[at++] as number;
          value |= (byte & 0x7f) << 14;
          if (byte >= 0x80) {
            byte = bytes[at++] as number;
            value |= (byte & 0x7f) << 21;
            if (byte >= 0x80) {
              byte = bytes[at++] as number;
              value |= byte << 28;
              // The upper half of a negative number's ten bytes.
              for (let more = 5; byte >= 0x80 && more > 0; more--) byte = bytes[at++] as number;
              if (byte >= 0x80) isPlain = false;
            }
          }
        }
      }
      if (tag === LATITUDE_TAG) latitude = value;
      else longitude = value;
    }
    if (!isPlain) {
      fields.latitude = 0;
      fields.longitude = 0;
      if (!mergePoint(bytes, start, end, fields)) return i;
      ({ latitude, longitude } = fields);
    }
    latitudes[i] = latitude;
    longitudes[i] = longitude;
  }
  return count;
}

/**
 * Decodes one routeguide.Point over what is there already, as protobuf merges a message that comes twice: what is absent stays.
 *
 * @returns false if it is malformed
 */
export function mergePoint(
  bytes: Uint8Array,
  start: number,
  end: number,
  into: { latitude: number; longitude: number },
): boolean {
  reader.open(bytes, start, end);
  while (reader.more) {
    const tag = reader.tag();
    if (tag === LATITUDE_TAG) into.latitude = reader.varint();
    else if (tag === LONGITUDE_TAG) into.longitude = reader.varint();
    else reader.skip(tag);
  }
  return !reader.malformed;
}
