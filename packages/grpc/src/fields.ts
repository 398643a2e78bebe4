import type { Fields } from "./exchange.js";

/** The value of the first field of this name (in lower case), or undefined. */
export function fieldValue(fields: Fields, name: string): string | undefined {
  for (let i = 0; i + 1 < fields.length; i += 2) {
    if (fields[i] === name) return fields[i + 1];
  }
  return undefined;
}

/** How large a list of fields is, as HTTP/2 counts: each with 32 bytes more. Source: RFC 9113, section 6.5.2. */
export function listBytesOf(fields: Fields): number {
  let bytes = fields.length * 16;
  for (const text of fields) bytes += text.length;
  return bytes;
}

/** All values of the fields of this name, in their order. */
export function fieldValues(fields: Fields, name: string): string[] {
  const values: string[] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const value = fields[i + 1];
    if (fields[i] === name && value !== undefined) values.push(value);
  }
  return values;
}
