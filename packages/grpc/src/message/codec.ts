import type { ByteWriter } from "./byte-writer.js";

/** Turns the messages of one type into bytes and back. Looked up once a method, used for each message. */
export interface MessageCodec {
  /** As in the content type: application/grpc+NAME. */
  readonly name: string;
  /**
   * Appends a message: one of protobuf-es, or a plain object in its init shape. After an error, `cancel()` the writer.
   *
   * @throws {EncodeError} if a value does not fit its field; names both
   */
  encode(message: unknown, out: ByteWriter): void;
  /**
   * The message in bytes[start, end), as protobuf-es makes it. It owns its bytes: it holds no part of the range.
   *
   * @param finalEnd up to here the bytes will never change, as other messages that have come follow. Default `end`
   * @throws {DecodeError} if the range is not such a message; says where and why
   */
  decode(bytes: Uint8Array, start: number, end: number, finalEnd?: number): unknown;
}
