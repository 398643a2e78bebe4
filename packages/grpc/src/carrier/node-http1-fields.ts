/** Between the fields of the seam and those of a message of HTTP/1.1. */
import type { Fields } from "../exchange.js";

/** Fields that belong to one connection, and end with it: RFC 9110, section 7.6.1. The host is the exchange's authority. */
const CONNECTION_FIELDS = new Set([
  "connection",
  "host",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
]);

/** @param raw name, value, name, value, as Node has them in `rawHeaders` */
export function fieldsOf(raw: Fields): Fields {
  const fields: string[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i]?.toLowerCase() ?? "";
    if (!CONNECTION_FIELDS.has(name)) fields.push(name, raw[i + 1] ?? "");
  }
  return fields;
}

/** Fields in pairs, as Node takes trailers. */
export function pairsOf(fields: Fields): [string, string][] {
  const pairs: [string, string][] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) pairs.push([fields[i] ?? "", fields[i + 1] ?? ""]);
  return pairs;
}

/** Path and authority of a request's target, which names both when it comes from a proxy: RFC 9112, section 3.2. */
export function addressOf(target: string, host: string): { path: string; authority: string } {
  const absolute = /^https?:\/\/([^/?#]*)([^#]*)/i.exec(target);
  if (absolute === null) return { path: target, authority: host };
  const [, authority = "", path = ""] = absolute;
  return { path: path.startsWith("/") ? path : `/${path}`, authority };
}
