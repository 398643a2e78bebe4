import type { Fields } from "../exchange.js";
import { shown } from "../shown.js";

/** Fields that belong to the protocols: users neither send nor set them. */
const RESERVED = new Set([
  "content-type",
  "content-length",
  "content-encoding",
  "accept-encoding",
  "te",
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
  "host",
  "trailer",
  "user-agent",
]);

/** How long clients wait before they try again: of all of gRPC's fields the only one that a handler says. Source: gRFC A6. */
export const PUSHBACK = "grpc-retry-pushback-ms";

/** Whether a field (in lower case) is the protocol's, so that a user's value for it is dropped. */
export function isReserved(name: string): boolean {
  return RESERVED.has(name) || (name.startsWith("grpc-") && name !== PUSHBACK) || name.startsWith(":");
}

/** Base64 as PROTOCOL-HTTP2.md has it, "Binary-Header": with padding or without; several values are joined with commas. */
const BINARY = /^[A-Za-z0-9+/]*={0,2}(\s*,\s*[A-Za-z0-9+/]*={0,2})*$/;

/** What is wrong with a user's metadata, in words. A user agent of one's own is allowed. */
export function wrongMetadata(metadata: Headers): string | undefined {
  for (const [name, value] of metadata) {
    if (isReserved(name) && name !== "user-agent") return `the metadata name "${name}" is the protocol's: use another`;
    if (name.endsWith("-bin") && !BINARY.test(value)) {
      return `the metadata ${name} is ${shown(value)}: expected base64, such as encodeBinaryHeader() gives`;
    }
  }
  return undefined;
}

/** Appends a user's fields to a block, the reserved ones left out. */
export function appendMetadata(fields: string[], metadata: Headers): void {
  for (const [name, value] of metadata) {
    if (isReserved(name)) continue;
    // Headers joins repeated fields with ", ", and base64 knows no comma: binary values can be told apart again.
    if (name.endsWith("-bin") && value.includes(",")) {
      for (const part of value.split(",")) fields.push(name, part.trim());
    } else {
      fields.push(name, value);
    }
  }
}

/** Fields as a Headers object. What Headers refuses is left out. */
export function headersOf(fields: Fields, wanted: (name: string) => boolean = () => true): Headers {
  const headers = new Headers();
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const name = fields[i] ?? "";
    if (!wanted(name)) continue;
    try {
      headers.append(name, fields[i + 1] ?? "");
    } catch {
      // A peer may send octets that Headers does not take.
    }
  }
  return headers;
}

/** A Headers object as fields. */
export function fieldsOf(headers: Headers): string[] {
  const fields: string[] = [];
  for (const [name, value] of headers) fields.push(name, value);
  return fields;
}
