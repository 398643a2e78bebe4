import type { JsonValue, Registry } from "@bufbuild/protobuf";
import { Code } from "../call/code.js";
import { RpcError } from "../call/rpc-error.js";
import { costOf } from "../message/json-cost.js";
import { errorFromJson, errorToJson } from "./connect-error-json.js";
import { appendMetadata, isReserved } from "./metadata.js";

/** The flag of the envelope that ends a Connect stream. Source: connectrpc.com/docs/protocol, "EndStreamResponse". */
export const CONNECT_END = 0x02;

/** How a Connect stream has ended. */
export interface ConnectEnd {
  /** undefined: well. */
  readonly error: RpcError | undefined;
  /** What gRPC has in its trailers. */
  readonly trailers: Headers;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** Writes what the last envelope of a response holds. Whatever fields the error has go with the trailers. */
export function encodeConnectEnd(error: RpcError | undefined, trailers?: Headers, registry?: Registry): Uint8Array {
  const fields: string[] = [];
  if (error?.hasMetadata) appendMetadata(fields, error.metadata);
  if (trailers !== undefined) appendMetadata(fields, trailers);
  const metadata: Record<string, string[]> = Object.create(null);
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const name = fields[i] ?? "";
    metadata[name] = [...(metadata[name] ?? []), fields[i + 1] ?? ""];
  }
  const end: JsonValue = {
    ...(error !== undefined && { error: errorToJson(error, registry) }),
    ...(fields.length > 0 && { metadata }),
  };
  return encoder.encode(JSON.stringify(end));
}

/** Reads the last envelope of a response; an RpcError: it is none. */
export function decodeConnectEnd(bytes: Uint8Array): ConnectEnd | RpcError {
  const cost = costOf(bytes);
  if (cost !== undefined) return malformed(`it has ${cost}`);
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch {
    return malformed("it is not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return malformed("it is no object");
  const { error, metadata = {} } = value as Record<string, unknown>;
  const trailers = trailersOf(metadata);
  if (trailers === undefined) return malformed("its metadata are no lists of strings");
  if (error === undefined || error === null) return { error: undefined, trailers };
  const read = errorFromJson(error, Code.Unknown, trailers);
  return read === undefined ? malformed("its error is none") : { error: read, trailers };
}

function trailersOf(metadata: unknown): Headers | undefined {
  const trailers = new Headers();
  if (metadata === null) return trailers;
  if (typeof metadata !== "object") return undefined;
  for (const [name, values] of Object.entries(metadata)) {
    if (!Array.isArray(values) || !values.every((value) => typeof value === "string")) return undefined;
    if (isReserved(name.toLowerCase())) continue;
    try {
      for (const value of values) trailers.append(name, value);
    } catch {
      // A peer may send what Headers does not take.
    }
  }
  return trailers;
}

function malformed(reason: string): RpcError {
  return new RpcError(Code.Unknown, `the end of the response cannot be read: ${reason}`);
}
