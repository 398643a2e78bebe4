import type { Fields } from "../exchange.js";
import { appendMetadata, headersOf, isReserved } from "./metadata.js";

/** In front of the names of trailers, which a unary Connect response has among its header fields. */
const PREFIX = "trailer-";

/** Appends trailers to the header fields of a unary Connect response. */
export function appendPrefixedTrailers(fields: string[], trailers: Headers): void {
  const own: string[] = [];
  appendMetadata(own, trailers);
  for (let i = 0; i + 1 < own.length; i += 2) fields.push(PREFIX + own[i], own[i + 1] ?? "");
}

/** The trailers among the header fields of a unary Connect response, under their own names. */
export function prefixedTrailers(fields: Fields): Headers {
  const trailers: string[] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const name = fields[i] ?? "";
    if (isPrefixedTrailer(name)) trailers.push(name.slice(PREFIX.length), fields[i + 1] ?? "");
  }
  return headersOf(trailers, (name) => !isReserved(name));
}

/** Whether a header field of a unary Connect response is a trailer. */
export function isPrefixedTrailer(name: string): boolean {
  return name.startsWith(PREFIX);
}
