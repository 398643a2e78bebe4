import type { Compression } from "../envelope/compression.js";
import { COMPRESSED, declaredLength, PREFIX_BYTES, writePrefix } from "../envelope/prefix.js";
import type { ByteWriter } from "../message/byte-writer.js";
import type { MessageCodec } from "../message/codec.js";
import { Code } from "./code.js";
import { appendEnvelope, type Envelopes } from "./envelopes.js";
import { RpcError } from "./rpc-error.js";

/** What may be sent, and when it is compressed. */
export interface SendLimits {
  readonly writeMaxBytes: number;
  readonly compressMinBytes: number;
}

/**
 * Appends a message as one envelope: out.bytes[out.mark, out.at).
 *
 * @param compress whether to compress it; undefined: if it is large enough
 * @throws {EncodeError} if it is not a message of the codec's type
 * @throws {RpcError} if it is larger than may be sent
 */
export function appendMessage(
  out: ByteWriter,
  message: unknown,
  codec: MessageCodec,
  limits: SendLimits,
  compression: Compression | undefined,
  compress?: boolean,
): void {
  appendEnvelope(message, codec, out);
  const bytes = out.at - out.mark - PREFIX_BYTES;
  if (bytes > limits.writeMaxBytes) {
    out.cancel();
    const advice = `larger than the ${limits.writeMaxBytes} bytes allowed: raise writeMaxBytes to send it`;
    throw new RpcError(Code.ResourceExhausted, `a message of ${bytes} bytes is ${advice}`);
  }
  if (compression !== undefined && (compress ?? bytes >= limits.compressMinBytes)) compressLast(out, compression);
}

/** Replaces the envelope that was just appended by its compressed form. */
function compressLast(out: ByteWriter, compression: Compression): void {
  const compressed = compression.compress(out.bytes.subarray(out.mark + PREFIX_BYTES, out.at));
  out.cancel();
  out.reserve(PREFIX_BYTES + compressed.length);
  writePrefix(out.bytes, out.at, COMPRESSED, compressed.length);
  out.at += PREFIX_BYTES;
  out.append(compressed);
}

/** @throws {RpcError} if finished envelopes hold another number of messages than the one that the method says */
export function checkSingle(envelopes: Envelopes): void {
  if (envelopes.count !== 1) {
    throw new RpcError(Code.Internal, `one message is to be sent, the envelopes hold ${envelopes.count}`);
  }
}

/** The messages in finished envelopes, decoded one by one. */
export function* messagesOf(envelopes: Envelopes, binary: MessageCodec): Generator<unknown, void> {
  const { bytes, end } = envelopes;
  for (let at = envelopes.start; at < end; ) {
    const start = at + PREFIX_BYTES;
    at = start + declaredLength(bytes, at);
    yield binary.decode(bytes, start, at);
  }
}
