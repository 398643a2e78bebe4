import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http2";
import type { Fields, HeaderBlock } from "../exchange.js";
import { fieldValue } from "../fields.js";

/** Beside the blocks, not in their `encoded`: that belongs to whichever engine encodes them first. */
const outgoing = new WeakMap<HeaderBlock, OutgoingHttpHeaders>();

/** A block's fields as node:http2 wants them; made once a block. */
export function toNode(block: HeaderBlock): OutgoingHttpHeaders {
  let headers = outgoing.get(block);
  if (headers === undefined) {
    headers = objectOf(block.fields);
    outgoing.set(block, headers);
  }
  return headers;
}

/** Repeated names become one array of values, in their order. */
function objectOf(fields: Fields): OutgoingHttpHeaders {
  const headers: Record<string, string | string[]> = Object.create(null);
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [name, value] = [fields[i] ?? "", fields[i + 1] ?? ""];
    const before = headers[name];
    if (before === undefined) headers[name] = value;
    else if (typeof before === "string") headers[name] = [before, value];
    else before.push(value);
  }
  return headers;
}

/**
 * What came in a header block, its pseudo-header fields apart.
 *
 * @param raw name, value, name, value, as node:http2 passes them to listeners after headers and flags
 */
export class Received {
  readonly fields: Fields;
  readonly #pseudo: Fields;

  constructor(raw: Fields) {
    let first = 0;
    // Pseudo-header fields precede all others: RFC 9113, section 8.3.
    while (raw[first]?.startsWith(":")) first += 2;
    this.#pseudo = raw.slice(0, first);
    this.fields = raw.slice(first);
  }

  pseudo(name: ":method" | ":path" | ":authority" | ":status"): string {
    return fieldValue(this.#pseudo, name) ?? "";
  }
}

/** What node:http2 tells with a header block. The raw fields are missing from @types/node. */
export type HeadersListener = (headers: IncomingHttpHeaders, flags: number, raw: Fields) => void;
