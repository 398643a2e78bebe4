/** Received bytes are not a message of the type that the method says. */
export class DecodeError extends Error {
  override readonly name: string = "DecodeError";
}

/** A value cannot be written: a field of a handler's or caller's message does not have the type that its schema says. */
export class EncodeError extends Error {
  override readonly name: string = "EncodeError";
}
