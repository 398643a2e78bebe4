/** What RFC 9113, section 8.2 and 8.3, calls malformed in a list of fields: a stream error, and the table stays in step. */
export type Malformed =
  | "empty_field_name"
  | "uppercase_field_name"
  | "field_name_character"
  | "field_value_character"
  | "pseudo_after_regular";

/** 1 for the characters of a token (RFC 9110, section 5.6.2) in lower case. */
const TOKEN = new Uint8Array(256);
for (const character of "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz") TOKEN[character.charCodeAt(0)] = 1;

/** What is wrong with the name bytes[start, end), if anything. A leading colon is allowed. */
export function nameFault(bytes: Uint8Array, start: number, end: number): Malformed | undefined {
  const from = start < end && bytes[start] === 0x3a ? start + 1 : start;
  if (from === end) return "empty_field_name";
  for (let i = from; i < end; i++) {
    // In bounds: i < end.
    const octet = bytes[i] as number;
    if (TOKEN[octet] !== 1) return octet >= 0x41 && octet <= 0x5a ? "uppercase_field_name" : "field_name_character";
  }
  return undefined;
}

/**
 * What is wrong with the value bytes[start, end), if anything: CR, LF and NUL. Space around the value passes, although section
 * 8.2.1 forbids it: gRPC allows a receiver to strip it.
 */
export function valueFault(bytes: Uint8Array, start: number, end: number): Malformed | undefined {
  for (let i = start; i < end; i++) {
    // In bounds: i < end.
    const octet = bytes[i] as number;
    if (octet <= 0x0d && (octet === 0x0d || octet === 0x0a || octet === 0)) return "field_value_character";
  }
  return undefined;
}
