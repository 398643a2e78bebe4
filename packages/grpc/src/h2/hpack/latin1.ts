/**
 * bytes[start, end) as a string of one character an octet. Header values are octets (RFC 9110, section 5.5); a character each
 * is what Node gives too, and nothing is lost. Eight at a time, because a string of n pieces costs n.
 */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  let i = start;
  // In bounds: i + 8 <= end.
  for (; i + 8 <= end; i += 8) {
    text += String.fromCharCode(
      bytes[i] as number,
      bytes[i + 1] as number,
      bytes[i + 2] as number,
      bytes[i + 3] as number,
      bytes[i + 4] as number,
      bytes[i + 5] as number,
      bytes[i + 6] as number,
      bytes[i + 7] as number,
    );
  }
  for (; i < end; i++) text += String.fromCharCode(bytes[i] as number);
  return text;
}
