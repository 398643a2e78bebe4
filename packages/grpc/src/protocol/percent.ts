const encoder = new TextEncoder();
const decoder = new TextDecoder();

const PERCENT = 0x25;
const isPlain = (byte: number) => byte >= 0x20 && byte <= 0x7e && byte !== PERCENT;

/** Percent-encodes what grpc-message may not hold: all but printable ASCII, and "%". Source: PROTOCOL-HTTP2.md. */
export function percentEncode(text: string): string {
  if (/^[ -$&-~]*$/.test(text)) return text;
  let encoded = "";
  for (const byte of encoder.encode(text)) {
    encoded += isPlain(byte) ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return encoded;
}

/** Decodes grpc-message. What is not well encoded is kept as it is: a broken message must not hide an error. */
export function percentDecode(text: string): string {
  if (!text.includes("%")) return text;
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const hex = text.slice(i + 1, i + 3);
    if (text[i] === "%" && /^[0-9a-fA-F]{2}$/.test(hex)) {
      bytes.push(Number.parseInt(hex, 16));
      i += 2;
    } else {
      for (const byte of encoder.encode(text[i])) bytes.push(byte);
    }
  }
  return decoder.decode(Uint8Array.from(bytes));
}
