/** The status that a response's trailers carry. */

/** grpc-status and grpc-message; undefined without a status. */
export function statusOf(fields: readonly string[]): { readonly code: number; readonly message: string } | undefined {
  const values = new Map<string, string>();
  for (let i = 0; i + 1 < fields.length; i += 2) values.set(fields[i] ?? "", fields[i + 1] ?? "");
  const status = values.get("grpc-status");
  return status === undefined ? undefined : { code: Number(status), message: decode(values.get("grpc-message") ?? "") };
}

/** Percent-encoded UTF-8; what is no such thing stays as it is. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
