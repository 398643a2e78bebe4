import assert from "node:assert/strict";
import type { Fields } from "../src/exchange.js";
import { HpackDecoder } from "../src/h2/hpack/decoder.js";
import { encodeConstant } from "../src/h2/hpack/encoder.js";
import {
  CLIENT_PREFACE,
  Flags,
  type Frame,
  FrameParser,
  headers,
  readUint32,
  settings,
  settingsAck,
  Type,
} from "./h2-peer-frames.js";

/** What ended a connection. */
export interface GoneAway {
  readonly lastStream: number;
  readonly code: number;
  /** The debug data: our fixed short name of what was wrong. */
  readonly name: string;
}

/** What a client asks for when a test does not care. */
export const REQUEST: Fields = [
  ...[":method", "POST", ":scheme", "http", ":path", "/test.Service/Method", ":authority", "test"],
  ...["content-type", "application/grpc", "te", "trailers"],
];
export const REQUEST_BLOCK: Uint8Array = encodeConstant(REQUEST);
const RESPONSE_BLOCK: Uint8Array = encodeConstant([":status", "200", "content-type", "application/grpc"]);

/** One side of a connection that writes whatever frames a test wants, and lists those that come. It answers nothing by itself. */
export class H2Peer {
  /** Everything that has come. */
  readonly frames: Frame[] = [];
  readonly #send: (bytes: Uint8Array) => void;
  readonly #parser: FrameParser;
  readonly #decoder = new HpackDecoder(4096, { maxListBytes: 1 << 24, maxFields: 1 << 16 });
  readonly #fields = new Map<Frame, Fields>();
  #isClient: boolean;
  #taken = 0;

  /** @param role which side this is */
  constructor(role: "client" | "server", send: (bytes: Uint8Array) => void) {
    this.#isClient = role === "client";
    this.#parser = new FrameParser(role === "server");
    this.#send = send;
  }

  /** Sends frames in one piece. */
  write(...parts: readonly Uint8Array[]): void {
    this.#send(parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts));
  }

  /** Sends frames an octet at a time. */
  writeSlowly(...parts: readonly Uint8Array[]): void {
    for (const octet of Buffer.concat(parts)) this.#send(Uint8Array.of(octet));
  }

  /** Begins the connection: preface (on the client), SETTINGS, and the ACK of the other side's. */
  begin(entries: readonly number[] = []): void {
    if (this.#isClient) this.write(CLIENT_PREFACE, settings(entries), settingsAck());
    else this.write(settings(entries), settingsAck());
  }

  /** A request's HEADERS. */
  request(stream: number, flags: number = Flags.EndStream, block: Uint8Array = REQUEST_BLOCK): void {
    this.write(headers(stream, block, Flags.EndHeaders | flags));
  }

  /** A response's HEADERS. */
  respond(stream: number, flags = 0, block: Uint8Array = RESPONSE_BLOCK): void {
    this.write(headers(stream, block, Flags.EndHeaders | flags));
  }

  /** Bytes have come from the other side. */
  came(bytes: Uint8Array): void {
    for (const frame of this.#parser.feed(bytes)) {
      this.frames.push(frame);
      // All blocks are decoded as they come, or else the table would fall out of step.
      if (frame.type === Type.Headers) this.#decode(frame);
    }
  }

  /** What has come since the last time. */
  take(): Frame[] {
    const taken = this.frames.slice(this.#taken);
    this.#taken = this.frames.length;
    return taken;
  }

  /** All frames of this type, on this stream if that is given. */
  ofType(type: number, stream?: number): Frame[] {
    return this.frames.filter((frame) => frame.type === type && (stream === undefined || frame.stream === stream));
  }

  /** The fields of a HEADERS frame that has come. */
  fieldsOf(frame: Frame | undefined): Fields {
    const fields = frame === undefined ? undefined : this.#fields.get(frame);
    assert.ok(fields, "no such HEADERS have come");
    return fields;
  }

  /** The octets of all DATA of a stream. */
  bodyOf(stream: number): Buffer {
    return Buffer.concat(this.ofType(Type.Data, stream).map(({ payload }) => payload));
  }

  /** The code of the RST_STREAM that has come for a stream. */
  resetOf(stream: number): number | undefined {
    const frame = this.ofType(Type.Reset, stream)[0];
    return frame === undefined ? undefined : readUint32(frame.payload, 0);
  }

  /** The last GOAWAY that has come. */
  get goneAway(): GoneAway | undefined {
    const payload = this.ofType(Type.GoAway).at(-1)?.payload;
    if (payload === undefined) return undefined;
    const name = Buffer.from(payload.subarray(8)).toString("latin1");
    return { lastStream: readUint32(payload, 0), code: readUint32(payload, 4), name };
  }

  #decode(frame: Frame): void {
    assert.ok(frame.flags & Flags.EndHeaders, "only whole blocks come in tests");
    const fields = this.#decoder.decode(frame.payload, 0, frame.payload.length);
    assert.ok(fields, `the other side sent a bad block: ${this.#decoder.error}`);
    this.#fields.set(frame, fields);
  }
}
