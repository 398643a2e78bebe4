import { WireType } from "./wire-reader.js";

/** gRPC's prefix of a message: a byte of flags, 0 for uncompressed, and four bytes of length, big-endian. */
export const PREFIX_BYTES = 5;
const NEGATIVE_VARINT_BYTES = 10;

const NAME_TAG = (1 << 3) | WireType.Bytes;
const FEATURE_LOCATION_TAG = (2 << 3) | WireType.Bytes;
const NOTE_LOCATION_TAG = (1 << 3) | WireType.Bytes;
const MESSAGE_TAG = (2 << 3) | WireType.Bytes;
const LATITUDE_TAG = (1 << 3) | WireType.Varint;
const LONGITUDE_TAG = (2 << 3) | WireType.Varint;

/** How many bytes the envelope takes of a Feature or RouteNote at a point in E7, with a text of `textBytes`. */
export function envelopeSize(latitude: number, longitude: number, textBytes: number): number {
  return PREFIX_BYTES + 2 + pointSize(latitude, longitude) + textFieldSize(textBytes);
}

/**
 * Writes the envelope of a routeguide.Feature whose name, UTF-8, is text[start, end), to target[at...]. As in all proto3, an
 * empty name and a coordinate of 0 are left out, the location is not.
 *
 * @returns the position behind it: `at` + envelopeSize()
 */
export function writeFeature(
  target: Uint8Array,
  at: number,
  latitude: number,
  longitude: number,
  text: Uint8Array,
  start: number,
  end: number,
): number {
  const afterName = writeText(target, at + PREFIX_BYTES, NAME_TAG, text, start, end);
  const featureEnd = writePoint(target, afterName, FEATURE_LOCATION_TAG, latitude, longitude);
  writePrefix(target, at, featureEnd - at - PREFIX_BYTES);
  return featureEnd;
}

/** The finished envelope of a routeguide.RouteNote at a point in E7, whose message, UTF-8, is text[start, end). */
export function noteEnvelope(
  latitude: number,
  longitude: number,
  text: Uint8Array,
  start: number,
  end: number,
): Uint8Array {
  const size = envelopeSize(latitude, longitude, end - start);
  const target = new Uint8Array(size);
  writePrefix(target, 0, size - PREFIX_BYTES);
  const afterLocation = writePoint(target, PREFIX_BYTES, NOTE_LOCATION_TAG, latitude, longitude);
  writeText(target, afterLocation, MESSAGE_TAG, text, start, end);
  return target;
}

/** Where the envelope that starts at bytes[start] ends. */
export function envelopeEnd(bytes: Uint8Array, start: number): number {
  const low = ((bytes[start + 2] as number) << 16) | ((bytes[start + 3] as number) << 8) | (bytes[start + 4] as number);
  return start + PREFIX_BYTES + (bytes[start + 1] as number) * 0x100_0000 + low;
}

/** Writes the prefix of a message of `length` bytes to target[at...]. Returns the position behind it. */
export function writePrefix(target: Uint8Array, at: number, length: number): number {
  target[at] = 0;
  target[at + 1] = length >>> 24;
  target[at + 2] = length >>> 16;
  target[at + 3] = length >>> 8;
  target[at + 4] = length;
  return at + PREFIX_BYTES;
}

function writeText(target: Uint8Array, at: number, tag: number, text: Uint8Array, start: number, end: number): number {
  if (start === end) return at;
  target[at++] = tag;
  at = writeVarint(target, at, end - start);
  // Names and notes are short: a loop is faster than a view and a call for each.
  for (let i = start; i < end; i++) target[at++] = text[i] as number;
  return at;
}

function writePoint(target: Uint8Array, at: number, tag: number, latitude: number, longitude: number): number {
  const start = at + 2;
  const afterLatitude = writeCoordinate(target, start, LATITUDE_TAG, latitude);
  const end = writeCoordinate(target, afterLatitude, LONGITUDE_TAG, longitude);
  target[at] = tag;
  // At most 22, so that its length takes one byte.
  target[at + 1] = end - start;
  return end;
}

function writeCoordinate(target: Uint8Array, at: number, tag: number, value: number): number {
  if (value === 0) return at;
  target[at++] = tag;
  if (value > 0) return writeVarint(target, at, value);
  // A negative int32 is sent as the 64 bits of its sign-extended form: 28 bits of its own, then all ones.
  for (let shift = 0; shift < 28; shift += 7) target[at++] = (value >>> shift) | 0x80;
  target[at++] = (value >> 28) | 0x80;
  for (let i = 0; i < 4; i++) target[at++] = 0xff;
  target[at++] = 1;
  return at;
}

function writeVarint(target: Uint8Array, at: number, value: number): number {
  while (value > 0x7f) {
    target[at++] = value | 0x80;
    value >>>= 7;
  }
  target[at++] = value;
  return at;
}

const textFieldSize = (bytes: number) => (bytes === 0 ? 0 : 1 + varintSize(bytes) + bytes);
const pointSize = (latitude: number, longitude: number) => coordinateSize(latitude) + coordinateSize(longitude);
const coordinateSize = (value: number) =>
  value === 0 ? 0 : value < 0 ? 1 + NEGATIVE_VARINT_BYTES : 1 + varintSize(value);
const varintSize = (value: number) =>
  value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : value < 0x1000_0000 ? 4 : 5;
