import { Code } from "../call/code.js";
import { RpcError } from "../call/rpc-error.js";
import { type Compression, IDENTITY } from "../envelope/compression.js";

/**
 * The compression that a stream's messages come in.
 *
 * @param encoding the value of grpc-encoding, connect-content-encoding or content-encoding, if there is one
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

/** The value of grpc-accept-encoding, connect-accept-encoding or accept-encoding. */
export function acceptedEncodings(known: readonly Compression[]): string {
  return [IDENTITY, ...known.map(({ name }) => name)].join(", ");
}

/** What was chosen so far, for each list of compressions: callers say the same again and again. */
const chosen = new WeakMap<readonly Compression[], Map<string, Compression | undefined>>();
/** So that callers who say something else each time fill no memory. */
const MAX_CHOSEN = 64;

/**
 * The compression for what is sent to a peer: the first of ours that it accepts.
 *
 * @param accepted the value of one of the fields above; "gzip;q=0" refuses, as in RFC 9110, section 12.5.3
 */
export function acceptedCompression(
  accepted: string | undefined,
  known: readonly Compression[],
): Compression | undefined {
  if (accepted === undefined || known.length === 0) return undefined;
  let choices = chosen.get(known);
  if (choices === undefined) {
    choices = new Map();
    chosen.set(known, choices);
  }
  const before = choices.get(accepted);
  if (before !== undefined || choices.has(accepted)) return before;
  const choice = choose(accepted, known);
  if (choices.size < MAX_CHOSEN) choices.set(accepted, choice);
  return choice;
}

function choose(accepted: string, known: readonly Compression[]): Compression | undefined {
  const names = accepted
    .split(",")
    .map((entry) => entry.split(";"))
    .filter(([, ...parameters]) => !parameters.some((parameter) => /^\s*q\s*=\s*0(\.0*)?\s*$/i.test(parameter)))
    .map(([name = ""]) => name.trim().toLowerCase());
  return known.find(({ name }) => names.includes(name) || names.includes("*"));
}
