import type { Fields } from "../exchange.js";

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

/** The first name in a user's metadata that belongs to the protocol. A user agent of one's own is allowed. */
export function reservedName(metadata: Headers): string | undefined {
  for (const name of metadata.keys()) if (isReserved(name) && name !== "user-agent") return name;
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
