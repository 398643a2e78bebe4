import { Code } from "../call/code.js";
import { RpcError } from "../call/rpc-error.js";
import { type Compression, IDENTITY } from "../envelope/compression.js";

/**
 * The compression that a stream's messages come in.
 *
 * @param encoding the value of grpc-encoding, if there is one
 * @returns undefined for identity; an error that lists what is accepted for anything unknown
 */
export function compressionFor(
  encoding: string | undefined,
  known: readonly Compression[],
): Compression | undefined | RpcError {
  if (encoding === undefined || encoding === IDENTITY) return undefined;
  const found = known.find(({ name }) => name === encoding);
  return (
    found ??
    new RpcError(Code.Unimplemented, `unknown compression "${encoding}": accepted are ${acceptedEncodings(known)}`)
  );
}

/** The compression of a response's messages. That it is one which was not offered is the server's fault. */
export function compressionOfResponse(
  encoding: string | undefined,
  known: readonly Compression[],
): { readonly compression: Compression | undefined } | RpcError {
  const compression = compressionFor(encoding, known);
  if (!(compression instanceof RpcError)) return { compression };
  return new RpcError(Code.Internal, `the response uses an ${compression.rawMessage}`);
}

/** The value of grpc-accept-encoding. */
export function acceptedEncodings(known: readonly Compression[]): string {
  return [IDENTITY, ...known.map(({ name }) => name)].join(", ");
}
