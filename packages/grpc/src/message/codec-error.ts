/** Received bytes are not a message of the type that the method says. */
export class DecodeError extends Error {
  override readonly name: string = "DecodeError";
}

/** A value cannot be written: a field of a handler's or caller's message does not have the type that its schema says. */
export class EncodeError extends Error {
  override readonly name: string = "EncodeError";
}

/** The text of whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
