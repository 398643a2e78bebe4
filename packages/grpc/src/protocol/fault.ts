import { Code } from "../call/code.js";
import { RpcError } from "../call/rpc-error.js";
import type { EnvelopeFault } from "../envelope/splitter.js";

/** What ends a call whose request or response is not a stream of envelopes. */
export function errorOfFault(fault: EnvelopeFault): RpcError {
  return new RpcError(fault.kind === "too-large" ? Code.ResourceExhausted : Code.Internal, describe(fault));
}

/** What an envelope fault means in a request or a response, in words. */
function describe(fault: EnvelopeFault): string {
  switch (fault.kind) {
    case "too-large":
      return fault.bytes === undefined
        ? `a message is larger than ${fault.maxBytes} bytes once decompressed: raise readMaxBytes to accept it`
        : `a message of ${fault.bytes} bytes is larger than the ${fault.maxBytes} bytes allowed: raise readMaxBytes to accept it`;
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
