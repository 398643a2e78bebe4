/** The frames of our WebSocket protocol. docs/websocket.md says the same for whoever writes another client or server. */
import type { Fields } from "../exchange.js";
import { latin1 } from "../h2/hpack/latin1.js";
import type { SocketViolation } from "./web-socket-violation.js";

/** The subprotocol's name. */
export const SUBPROTOCOL = "routeguide.grpc.v1";

/** A frame begins with its type (1 byte), the length of its content (3 bytes) and its call (4 bytes). */
export const FRAME_BYTES = 8;
/** A WebSocket message holds whole frames, and no more bytes than this. */
export const MAX_MESSAGE_BYTES = 65_536;
/** What either side may send of a call's body before it was given more. */
export const FIRST_CREDIT = 65_536;
/** The most that may be given. */
export const MAX_CREDIT = 0x7fffffff;

export const FrameType = { Settings: 0, Head: 1, Data: 2, End: 3, Reset: 4, Credit: 5, Drain: 6 } as const;

/** Takes the frames of a message, each where it lies in it. Returns what is wrong with one. */
export interface FrameHandler {
  frame(type: number, call: number, bytes: Uint8Array, start: number, end: number): SocketViolation | undefined;
}

/** Takes a message apart, up to the first frame with which something is wrong. */
export function readFrames(bytes: Uint8Array, handler: FrameHandler): SocketViolation | undefined {
  for (let at = 0; at < bytes.length; ) {
    if (at + FRAME_BYTES > bytes.length) return "frame_size";
    const start = at + FRAME_BYTES;
    const end = start + (readUint32(bytes, at) & 0xffffff);
    if (end > bytes.length) return "frame_size";
    const violation = handler.frame(bytes[at] ?? 0, readUint32(bytes, at + 4), bytes, start, end);
    if (violation !== undefined) return violation;
    at = end;
  }
  return undefined;
}

/** Writes what stands before a frame's content. */
export function writeFrameStart(bytes: Uint8Array, at: number, type: number, length: number, call: number): void {
  writeUint32(bytes, at, type * 0x1000000 + length);
  writeUint32(bytes, at + 4, call);
}

/** A whole frame of four bytes of content: credit, the code of a reset, the calls at a time. */
export function numberFrame(type: number, call: number, value: number): Uint8Array {
  const bytes = new Uint8Array(FRAME_BYTES + 4);
  writeFrameStart(bytes, 0, type, 4, call);
  writeUint32(bytes, FRAME_BYTES, value);
  return bytes;
}

/** A whole frame of lines: the first, if it is not undefined, and one for each field. */
export function linesFrame(type: number, call: number, first: string | undefined, fields: Fields): Uint8Array {
  let text = first === undefined ? "" : `${first}\r\n`;
  for (let i = 0; i + 1 < fields.length; i += 2) text += `${fields[i]}: ${fields[i + 1]}\r\n`;
  const bytes = new Uint8Array(FRAME_BYTES + text.length);
  writeFrameStart(bytes, 0, type, text.length, call);
  // Values of fields are octets, each a character here as elsewhere.
  for (let i = 0; i < text.length; i++) bytes[FRAME_BYTES + i] = text.charCodeAt(i);
  return bytes;
}

/** The lines of a frame, without the empty one behind the last. */
export function linesIn(bytes: Uint8Array, start: number, end: number): string[] {
  const lines = latin1(bytes, start, end).split("\r\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** The fields in lines from there on; undefined if one is malformed. */
export function fieldsIn(lines: readonly string[], from: number): Fields | undefined {
  const fields: string[] = [];
  for (let i = from; i < lines.length; i++) {
    const [, name, value] = FIELD.exec(lines[i] ?? "") ?? [];
    if (name === undefined || value === undefined) return undefined;
    fields.push(name, value);
  }
  return fields;
}

/** Names are tokens in lower case, as in HTTP/2; values have no control characters that HTTP forbids. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about
const FIELD = /^([!#$%&'*+\-.^_`|~0-9a-z]+):[ \t]*((?:[^\x00\r\n]*[^\x00\r\n \t])?)[ \t]*$/;

export function readUint32(bytes: Uint8Array, at: number): number {
  // Callers have looked that four bytes are there.
  const [a = 0, b = 0, c = 0, d = 0] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
  return a * 0x1000000 + ((b << 16) | (c << 8) | d);
}

function writeUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}
