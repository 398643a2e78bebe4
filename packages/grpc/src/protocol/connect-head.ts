import { Code } from "../call/code.js";
import { RpcError } from "../call/rpc-error.js";
import type { Compression } from "../envelope/compression.js";
import type { Fields } from "../exchange.js";
import { fieldValue } from "../fields.js";
import { parseConnectTimeout } from "./connect-timeout.js";
import { CONNECT_VERSION, CONNECT_VERSION_FIELD } from "./connect-version.js";
import { acceptedCompression, compressionFor } from "./negotiate.js";
import type { RequestHead } from "./protocol.js";

/**
 * Reads what both forms of Connect have in a request's head. Source: connectrpc.com/docs/protocol. The version may be missing, so
 * that plain HTTP clients can call.
 *
 * @param prefix of the names of the fields for compression: "connect-" for streams, whose envelopes are compressed and not the body
 */
export function readConnectHead(
  fields: Fields,
  compressions: readonly Compression[],
  prefix: "connect-" | "",
): RequestHead | RpcError {
  const version = fieldValue(fields, CONNECT_VERSION_FIELD);
  if (version !== undefined && version !== CONNECT_VERSION) {
    const text = `${CONNECT_VERSION_FIELD} is "${version}": expected ${CONNECT_VERSION}`;
    return new RpcError(Code.InvalidArgument, text);
  }
  const timeout = fieldValue(fields, "connect-timeout-ms");
  const timeoutMs = timeout === undefined ? undefined : parseConnectTimeout(timeout);
  if (timeout !== undefined && timeoutMs === undefined) {
    return new RpcError(
      Code.InvalidArgument,
      `connect-timeout-ms "${timeout}" is malformed: expected up to ten digits`,
    );
  }
  const compression = compressionFor(fieldValue(fields, `${prefix}content-encoding`), compressions);
  if (compression instanceof RpcError) return compression;
  const accepted = acceptedCompression(fieldValue(fields, `${prefix}accept-encoding`), compressions);
  // Whoever compresses can decompress.
  return { timeoutMs, compression, accepted: compression ?? accepted };
}
