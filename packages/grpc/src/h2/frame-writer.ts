import type { Octets } from "./block-encoder.js";
import { copyWords } from "./copy-bytes.js";
import type { Output } from "./output.js";
import { Flag, FRAME_HEADER, FrameType } from "./wire.js";

/** Writes a frame's header; the payload's room is reserved with it. */
function begin(out: Output, type: number, flags: number, stream: number, length: number): void {
  out.reserve(FRAME_HEADER + length);
  const { view, at } = out;
  view.setUint32(at, (length << 8) | type);
  view.setUint8(at + 4, flags);
  view.setUint32(at + 5, stream);
  out.at = at + FRAME_HEADER;
}

function uint32(out: Output, value: number): void {
  out.view.setUint32(out.at, value);
  out.at += 4;
}

/**
 * Writes bytes[start, end) as a DATA frame.
 *
 * @returns where its header is
 */
export function writeData(out: Output, stream: number, bytes: Uint8Array, start: number, end: number): number {
  begin(out, FrameType.Data, 0, stream, end - start);
  const header = out.at - FRAME_HEADER;
  out.copy(bytes, start, end);
  return header;
}

/** Adds bytes[start, end) to the DATA frame whose header is there and with which the output ends. There is room. */
export function extendData(out: Output, header: number, bytes: Uint8Array, start: number, end: number): void {
  out.copy(bytes, start, end);
  const length = out.at - header - FRAME_HEADER;
  out.bytes[header] = length >>> 16;
  out.bytes[header + 1] = length >>> 8;
  out.bytes[header + 2] = length;
}

export function writeEndOfData(out: Output, stream: number): void {
  begin(out, FrameType.Data, Flag.EndStream, stream, 0);
}

/** Writes a header block, as HEADERS and, past `maxFrameBytes`, CONTINUATION. */
export function writeHeaders(
  out: Output,
  stream: number,
  block: Octets,
  endStream: boolean,
  maxFrameBytes: number,
): void {
  const flags = endStream ? Flag.EndStream : 0;
  const { at: length } = block;
  if (length <= maxFrameBytes) {
    begin(out, FrameType.Headers, flags | Flag.EndHeaders, stream, length);
    copyWords(block.view, 0, length, out.view, out.at);
    out.at += length;
    return;
  }
  begin(out, FrameType.Headers, flags, stream, maxFrameBytes);
  out.copy(block.bytes, 0, maxFrameBytes);
  for (let at = maxFrameBytes; at < length; at += maxFrameBytes) {
    const end = Math.min(length, at + maxFrameBytes);
    begin(out, FrameType.Continuation, end === length ? Flag.EndHeaders : 0, stream, end - at);
    out.copy(block.bytes, at, end);
  }
}

export function writeReset(out: Output, stream: number, code: number): void {
  begin(out, FrameType.RstStream, 0, stream, 4);
  uint32(out, code);
}

/** @param settings identifiers and values by turns */
export function writeSettings(out: Output, settings: readonly number[]): void {
  begin(out, FrameType.Settings, 0, 0, settings.length * 3);
  for (let i = 0; i + 1 < settings.length; i += 2) {
    const id = settings[i] ?? 0;
    out.bytes[out.at++] = id >>> 8;
    out.bytes[out.at++] = id;
    uint32(out, settings[i + 1] ?? 0);
  }
}

export function writeSettingsAck(out: Output): void {
  begin(out, FrameType.Settings, Flag.Ack, 0, 0);
}

/** @param data the first 4 of its 8 bytes; the others are 0 */
export function writePing(out: Output, data: number): void {
  begin(out, FrameType.Ping, 0, 0, 8);
  uint32(out, data);
  uint32(out, 0);
}

/** Answers a PING with its own 8 bytes. */
export function writePingAck(out: Output, bytes: Uint8Array, start: number): void {
  begin(out, FrameType.Ping, Flag.Ack, 0, 8);
  out.copy(bytes, start, start + 8);
}

/** @param reason ASCII, for whoever reads a trace at the other end */
export function writeGoAway(out: Output, lastStream: number, code: number, reason: string): void {
  begin(out, FrameType.GoAway, 0, 0, 8 + reason.length);
  uint32(out, lastStream);
  uint32(out, code);
  for (let i = 0; i < reason.length; i++) out.bytes[out.at++] = reason.charCodeAt(i);
}

export function writeWindowUpdate(out: Output, stream: number, increment: number): void {
  begin(out, FrameType.WindowUpdate, 0, stream, 4);
  uint32(out, increment);
}
