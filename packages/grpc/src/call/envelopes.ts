import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import { PREFIX_BYTES, writePrefix } from "../envelope/prefix.js";
import { binaryCodec } from "../message/binary-codec.js";
import { ByteWriter } from "../message/byte-writer.js";
import type { MessageCodec } from "../message/codec.js";
import { shown } from "../shown.js";
import { checkMessageType } from "./check-schema.js";

/**
 * Finished messages in bytes[start, end): each with its 5-byte prefix, uncompressed, in protobuf's binary form. They are sent as
 * they are, so their bytes must not change afterwards, and they can be sent to any number of callers.
 */
export class Envelopes {
  readonly bytes: Uint8Array;
  /** How many messages there are. */
  readonly count: number;
  /** Where they begin in `bytes`. */
  readonly start: number;
  /** Where they end: the index of the first byte behind them. */
  readonly end: number;

  /**
   * Without `start` and `end`: all of the bytes. A range costs less than a view of its own would. Whether the range holds so many
   * whole messages is not looked at.
   *
   * @throws {TypeError} for what is no Uint8Array, no range in it, or no number of messages
   */
  constructor(bytes: Uint8Array, count: number, start: number = 0, end: number = bytes?.length) {
    // Not `byteLength`: one of these is made for each answer, and on Node 20 that costs more than all the rest.
    if (!(bytes instanceof Uint8Array && start >= 0 && start <= end && end <= bytes.length && count >= 0))
      throw wrongRange(bytes, count, start, end);
    this.bytes = bytes;
    this.count = count;
    this.start = start;
    this.end = end;
  }

  /**
   * Encodes messages of one type.
   *
   * @throws {TypeError} if the schema is none
   * @throws {Error} if one is not a message of the type
   */
  static of<D extends DescMessage>(schema: D, messages: Iterable<MessageInitShape<D>>): Envelopes {
    checkMessageType(schema);
    const codec = binaryCodec(schema);
    const out = spare ?? new ByteWriter();
    // While messages come from a generator, that may call this, too.
    spare = undefined;
    out.begin();
    let count = 0;
    for (const message of messages) {
      const before = out.at - out.mark;
      out.reserve(PREFIX_BYTES);
      out.at += PREFIX_BYTES;
      codec.encode(message, out);
      const start = out.mark + before;
      writePrefix(out.bytes, start, 0, out.at - start - PREFIX_BYTES);
      count++;
    }
    const bytes = out.bytes.slice(out.mark, out.at);
    out.cancel();
    if (out.bytes.length <= SPARE_BYTES) spare = out;
    return new Envelopes(bytes, count);
  }
}

function wrongRange(bytes: unknown, count: unknown, start: unknown, end: unknown): TypeError {
  const given = [bytes, count, start, end].map(shown).join(", ");
  return new TypeError(`new Envelopes() got ${given}: expected a Uint8Array, a number of messages, and a range in it`);
}

/** What `Envelopes.of()` writes into: a slab for a single note would cost ten times as much as the note. */
let spare: ByteWriter | undefined;
/** A longer slab is not kept. */
const SPARE_BYTES = 256 * 1024;

/** Appends a message with its prefix: out.bytes[out.mark, out.at). */
export function appendEnvelope(message: unknown, codec: MessageCodec, out: ByteWriter): void {
  out.begin();
  out.reserve(PREFIX_BYTES);
  out.at += PREFIX_BYTES;
  codec.encode(message, out);
  writePrefix(out.bytes, out.mark, 0, out.at - out.mark - PREFIX_BYTES);
}
