import { Code } from "../call/code.js";
import { RpcError } from "../call/rpc-error.js";
import { CompressedMessage } from "../envelope/compressed-message.js";
import type { EnvelopeFault, Ranges } from "../envelope/splitter.js";

/** What ends a call whose request or response is not a stream of envelopes. */
export function errorOfFault(fault: EnvelopeFault): RpcError {
  const isExhausted = fault.kind === "too-large" || fault.kind === "too-much-held";
  return new RpcError(isExhausted ? Code.ResourceExhausted : Code.Internal, describe(fault));
}

/**
 * Messages as they are read, whether they came compressed or not.
 *
 * @throws {RpcError} if one cannot be inflated, or not within its limit
 */
export function inflate(came: Ranges | CompressedMessage): Ranges {
  if (!(came instanceof CompressedMessage)) return came;
  const inflated = came.inflate();
  if ("kind" in inflated) throw errorOfFault(inflated);
  return inflated;
}

/** What an envelope fault means in a request or a response, in words. */
function describe(fault: EnvelopeFault): string {
  switch (fault.kind) {
    case "too-large":
      return fault.bytes === undefined
        ? `a message is larger than ${fault.maxBytes} bytes once decompressed: raise readMaxBytes to accept it`
        : `a message of ${fault.bytes} bytes is larger than the ${fault.maxBytes} bytes allowed: raise readMaxBytes to accept it`;
    case "too-much-held":
      return `all calls together hold ${fault.maxBytes} bytes of messages that cannot be read yet: try again later, or raise maxHeldBytes`;
    case "unexpected-compression":
      return "a message is marked as compressed, but the stream names no compression";
    case "malformed-compression":
      return `a message does not decompress with ${fault.encoding}`;
    case "unknown-flags":
      return `an envelope has the unknown flags 0x${fault.flags.toString(16)}`;
    case "after-end":
      return "there is more after the end of the stream";
  }
}
