import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import { PREFIX_BYTES, writePrefix } from "../envelope/prefix.js";
import { binaryCodec } from "../message/binary-codec.js";
import { ByteWriter } from "../message/byte-writer.js";
import type { MessageCodec } from "../message/codec.js";
import { checkMessageType } from "./check-schema.js";
import { Envelopes } from "./envelopes.js";

/**
 * Collects messages of one type as finished envelopes, as a loop or an event brings them. It costs half of what
 * {@link Envelopes.of} does with a generator.
 *
 *     const points = new EnvelopeBuilder(PointSchema);
 *     function* route() {
 *       for (const { latitude, longitude } of track) {
 *         points.add({ latitude, longitude });
 *         if (points.byteLength >= 32_768) yield points.take();
 *       }
 *       yield points.take();
 *     }
 *
 * What is taken is not copied: envelopes that are kept keep the 64 KiB in which they lie.
 */
export class EnvelopeBuilder<D extends DescMessage> {
  readonly #codec: MessageCodec;
  readonly #out = new ByteWriter();
  #count = 0;

  /** @throws {TypeError} if the schema is none */
  constructor(schema: D) {
    checkMessageType(schema);
    this.#codec = binaryCodec(schema);
    this.#out.begin();
  }

  /** How many messages were added since the last `take()`. */
  get count(): number {
    return this.#count;
  }

  /** Their bytes, prefixes included. */
  get byteLength(): number {
    return this.#out.at - this.#out.mark;
  }

  /**
   * Encodes a message, which may be used again afterwards.
   *
   * @throws {Error} if it is not a message of the type; then nothing is added
   */
  add(message: MessageInitShape<D>): void {
    const out = this.#out;
    const before = out.at - out.mark;
    out.reserve(PREFIX_BYTES);
    out.at += PREFIX_BYTES;
    try {
      this.#codec.encode(message, out);
    } catch (error) {
      out.at = out.mark + before;
      throw error;
    }
    const start = out.mark + before;
    writePrefix(out.bytes, start, 0, out.at - start - PREFIX_BYTES);
    this.#count++;
  }

  /** What was added since the last time, to be sent as it is. */
  take(): Envelopes {
    const out = this.#out;
    const envelopes = new Envelopes(out.bytes, this.#count, out.mark, out.at);
    out.begin();
    this.#count = 0;
    return envelopes;
  }
}
