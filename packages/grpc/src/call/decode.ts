import type { MessageCodec } from "../message/codec.js";
import { reasonOf } from "../shown.js";
import type { Code } from "./code.js";
import { RpcError } from "./rpc-error.js";

/**
 * Decodes a message that the other side sent.
 *
 * @param code what a message that cannot be read means
 * @param what it is: "request" or "response"
 * @throws {RpcError} if it cannot be read
 */
export function decodeReceived(
  codec: MessageCodec,
  bytes: Uint8Array,
  start: number,
  end: number,
  finalEnd: number | undefined,
  code: Code,
  what: string,
): unknown {
  try {
    return codec.decode(bytes, start, end, finalEnd);
  } catch (error) {
    throw new RpcError(code, `the ${what} cannot be read: ${reasonOf(error)}`, { cause: error });
  }
}
