import type { Fields } from "../../exchange.js";

/** RFC 7541, appendix A: name, value of the entries 1 to 61. */
export const STATIC_FIELDS: Fields = [
  ...[":authority", "", ":method", "GET", ":method", "POST", ":path", "/", ":path", "/index.html"],
  ...[":scheme", "http", ":scheme", "https", ":status", "200", ":status", "204", ":status", "206"],
  ...[":status", "304", ":status", "400", ":status", "404", ":status", "500", "accept-charset", ""],
  ...["accept-encoding", "gzip, deflate", "accept-language", "", "accept-ranges", "", "accept", ""],
  ...["access-control-allow-origin", "", "age", "", "allow", "", "authorization", "", "cache-control", ""],
  ...["content-disposition", "", "content-encoding", "", "content-language", "", "content-length", ""],
  ...["content-location", "", "content-range", "", "content-type", "", "cookie", "", "date", "", "etag", ""],
  ...["expect", "", "expires", "", "from", "", "host", "", "if-match", "", "if-modified-since", ""],
  ...["if-none-match", "", "if-range", "", "if-unmodified-since", "", "last-modified", "", "link", ""],
  ...["location", "", "max-forwards", "", "proxy-authenticate", "", "proxy-authorization", "", "range", ""],
  ...["referer", "", "refresh", "", "retry-after", "", "server", "", "set-cookie", ""],
  ...["strict-transport-security", "", "transfer-encoding", "", "user-agent", "", "vary", "", "via", ""],
  ...["www-authenticate", ""],
];

/** How many entries the static table has; the dynamic table's indexes follow. */
export const STATIC_ENTRIES = 61;

const byName = new Map<string, number>();
const byField = new Map<string, number>();
for (let index = STATIC_ENTRIES; index >= 1; index--) {
  const name = STATIC_FIELDS[2 * index - 2] as string;
  byName.set(name, index);
  byField.set(`${name}\n${STATIC_FIELDS[2 * index - 1]}`, index);
}

/** The smallest index of an entry with this name; 0 if there is none. */
export function staticNameIndex(name: string): number {
  return byName.get(name) ?? 0;
}

/** The index of the entry with this name and value; 0 if there is none. */
export function staticFieldIndex(name: string, value: string): number {
  return byField.get(`${name}\n${value}`) ?? 0;
}
