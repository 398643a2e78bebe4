import { PREFIX_BYTES, writePrefix } from "../envelope/prefix.js";
import type { Fields } from "../exchange.js";

/** The flag of the envelope in which gRPC-Web has its trailers. Source: PROTOCOL-WEB.md. */
export const WEB_TRAILERS = 0x80;

const LINE_END = "\r\n";

/** Writes trailers as the last envelope of a response, its prefix included: lines as in a head of HTTP/1.1. */
export function encodeWebTrailers(trailers: Fields): Uint8Array {
  let text = "";
  for (let i = 0; i + 1 < trailers.length; i += 2) text += `${trailers[i]}: ${trailers[i + 1]}${LINE_END}`;
  const bytes = new Uint8Array(PREFIX_BYTES + text.length);
  writePrefix(bytes, 0, WEB_TRAILERS, text.length);
  // Values of fields are octets, each a character here as elsewhere.
  for (let i = 0; i < text.length; i++) bytes[PREFIX_BYTES + i] = text.charCodeAt(i);
  return bytes;
}

/**
 * Reads what the last envelope of a response holds. Names are in lower case.
 *
 * @returns undefined if a line is no field
 */
export function decodeWebTrailers(bytes: Uint8Array): Fields | undefined {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  const fields: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (line === "") continue;
    const colon = line.indexOf(":");
    if (colon < 1) return undefined;
    fields.push(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return fields;
}
