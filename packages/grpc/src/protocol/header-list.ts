import { Code } from "../call/code.js";
import { RpcError } from "../call/rpc-error.js";
import type { Exchange, Fields } from "../exchange.js";
import { listBytesOf } from "../fields.js";
import { percentEncode } from "./percent.js";

/** Characters of an error's message that are sent if it is too large as it is: percent-encoded they take nine times as much at most. */
const SHORT_MESSAGE = 512;

/** Whether the peer does not take a block with these fields. Whoever sends it all the same loses the call, or the connection. */
export function isTooLarge({ maxHeaderListBytes }: Exchange, fields: Fields): boolean {
  return maxHeaderListBytes !== undefined && listBytesOf(fields) > maxHeaderListBytes;
}

/** Why a response with this head is not sent. */
export function headTooLarge(exchange: Exchange): RpcError {
  const text = `the response's header fields are larger than the ${exchange.maxHeaderListBytes} bytes that the caller takes`;
  return new RpcError(Code.ResourceExhausted, text);
}

/** What is left of a status that is too large: the code, and how the message begins. Details and metadata are left out. */
export function shortStatus(error: RpcError | undefined): Fields {
  const { code, rawMessage } = error ?? new RpcError(Code.ResourceExhausted, "");
  const text = rawMessage.length > SHORT_MESSAGE ? `${rawMessage.slice(0, SHORT_MESSAGE)}...` : rawMessage;
  const message = `${text} (the trailers are larger than the caller takes)`.trimStart();
  return ["grpc-status", String(code), "grpc-message", percentEncode(message)];
}
