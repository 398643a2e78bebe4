import { base64Decode, base64Encode } from "@bufbuild/protobuf/wire";
import { A_TEXT, BYTES, checkArgument } from "../options.js";

/**
 * Writes the value of a "-bin" field: base64 without padding. Source: PROTOCOL-HTTP2.md, "Binary-Header".
 *
 * @throws {TypeError} for what is no Uint8Array
 */
export function encodeBinaryField(bytes: Uint8Array): string {
  checkArgument("encodeBinaryHeader()", "bytes", bytes, BYTES);
  return base64Encode(bytes, "std_raw");
}

/**
 * Reads the value of a "-bin" field, with or without padding; of several that were joined with commas, the first.
 *
 * @returns undefined if it is not base64
 * @throws {TypeError} for what is no string
 */
export function decodeBinaryField(value: string): Uint8Array | undefined {
  checkArgument("decodeBinaryHeader()", "value", value, A_TEXT);
  const comma = value.indexOf(",");
  try {
    return base64Decode((comma < 0 ? value : value.slice(0, comma)).trim());
  } catch {
    return undefined;
  }
}
