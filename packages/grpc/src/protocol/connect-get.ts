import { base64Decode, base64Encode } from "@bufbuild/protobuf/wire";
import type { Format } from "./content-type.js";

/** A unary request that came as, or goes as, the query of a GET. Source: connectrpc.com/docs/protocol, "Unary-Get-Request". */
export interface GetRequest {
  readonly format: Format;
  readonly message: Uint8Array;
  /** What the message is compressed with; undefined: nothing. */
  readonly encoding: string | undefined;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Writes the query, with its "?". Names are in the order that caches are told to expect. */
export function encodeGetQuery({ format, message, encoding }: GetRequest): string {
  const isText = format === "json" && encoding === undefined;
  const text = isText ? encodeURIComponent(decoder.decode(message)) : base64Encode(message, "url");
  const compression = encoding === undefined ? "" : `&compression=${encodeURIComponent(encoding)}`;
  return `?connect=v1${isText ? "" : "&base64=1"}${compression}&encoding=${format}&message=${text}`;
}

/**
 * Reads a query.
 *
 * @param query without its "?"
 * @returns what is wrong with it, in words, if it is no request
 */
export function decodeGetQuery(query: string): GetRequest | string {
  const params = new URLSearchParams(query);
  const format = params.get("encoding");
  const message = params.get("message");
  const version = params.get("connect");
  const compression = params.get("compression") ?? "identity";
  if (version !== null && version !== "v1") return `connect is "${version}": expected v1`;
  if (format === null) return "encoding is missing: expected the name of a format, such as json";
  if (message === null) return "message is missing";
  const bytes = params.get("base64") === "1" ? fromBase64(message) : encoder.encode(message);
  if (bytes === undefined) return "message is not base64";
  return { format, message: bytes, encoding: compression === "identity" ? undefined : compression };
}

function fromBase64(text: string): Uint8Array | undefined {
  try {
    return base64Decode(text);
  } catch {
    return undefined;
  }
}
