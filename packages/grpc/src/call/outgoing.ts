import type { Compression } from "../envelope/compression.js";
import { COMPRESSED, PREFIX_BYTES, writePrefix } from "../envelope/prefix.js";
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
 * @throws {EncodeError} if it is not a message of the codec's type
 * @throws {RpcError} if it is larger than may be sent
 */
export function appendMessage(
  out: ByteWriter,
  message: unknown,
  codec: MessageCodec,
  limits: SendLimits,
  compression: Compression | undefined,
): void {
  appendEnvelope(message, codec, out);
  const bytes = out.at - out.mark - PREFIX_BYTES;
  if (bytes > limits.writeMaxBytes) {
    out.cancel();
    const advice = `larger than the ${limits.writeMaxBytes} bytes allowed: raise writeMaxBytes to send it`;
    throw new RpcError(Code.ResourceExhausted, `a message of ${bytes} bytes is ${advice}`);
  }
  if (compression !== undefined && bytes >= limits.compressMinBytes) compressLast(out, compression);
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

/**
 * Checks that finished envelopes may leave as they are.
 *
 * @throws {RpcError} if the call is in another format, or has another number of messages than the method says
 */
export function checkEnvelopes(envelopes: Envelopes, codec: MessageCodec, isSingle: boolean): void {
  if (codec.name !== "proto") {
    throw new RpcError(Code.Internal, `finished envelopes hold the format proto, this call is in ${codec.name}`);
  }
  if (isSingle && envelopes.count !== 1) {
    throw new RpcError(Code.Internal, `one message is to be sent, the envelopes hold ${envelopes.count}`);
  }
}
