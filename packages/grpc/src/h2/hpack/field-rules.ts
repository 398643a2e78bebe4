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

/** What is wrong with a field's name, if anything. A leading colon is allowed. */
export function nameFault(name: string): Malformed | undefined {
  const start = name.charCodeAt(0) === 0x3a ? 1 : 0;
  if (name.length === start) return "empty_field_name";
  for (let i = start; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (TOKEN[code] !== 1) return code >= 0x41 && code <= 0x5a ? "uppercase_field_name" : "field_name_character";
  }
  return undefined;
}

/**
 * What is wrong with a field's value, if anything: CR, LF and NUL. Space around the value passes, although section 8.2.1 forbids
 * it: gRPC allows a receiver to strip it.
 */
export function valueFault(value: string): Malformed | undefined {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code <= 0x0d && (code === 0x0d || code === 0x0a || code === 0)) return "field_value_character";
  }
  return undefined;
}
