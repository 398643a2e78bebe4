import { base64Decode, base64Encode } from "@bufbuild/protobuf/wire";

/** Writes the value of a "-bin" field: base64 without padding. Source: PROTOCOL-HTTP2.md, "Binary-Header". */
export function encodeBinaryField(bytes: Uint8Array): string {
  return base64Encode(bytes, "std_raw");
}

/**
 * Reads the value of a "-bin" field, with or without padding; of several that were joined with commas, the first.
 *
 * @returns undefined if it is not base64
 */
export function decodeBinaryField(value: string): Uint8Array | undefined {
  const comma = value.indexOf(",");
  try {
    return base64Decode((comma < 0 ? value : value.slice(0, comma)).trim());
  } catch {
    return undefined;
  }
}
