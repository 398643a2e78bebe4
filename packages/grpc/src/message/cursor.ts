import { DecodeError } from "./codec-error.js";

/** Messages within messages, the outermost counted. The default of every protobuf implementation. */
export const MAX_DEPTH = 100;

/** Fields of a message, and of those in it, that its schema does not know: two bytes make an object of a hundred. */
export const MAX_UNKNOWN_FIELDS = 65_536;

/**
 * What compiled decoders share: a decode is synchronous and calls nobody else's code, so one is enough. `at` is the second
 * result of the functions below, which saves an object a value. Up to `finalEnd` the bytes will never change. `unknownFields` are
 * those that the message has so far.
 */
export const cursor = { at: 0, start: 0, finalEnd: 0, typeName: "", unknownFields: 0 };

/** An error about the field with this tag. */
export function malformed(tag: number, at: number, reason: string): DecodeError {
  return new DecodeError(
    `cannot decode ${cursor.typeName}: field ${tag >>> 3} at byte ${at - cursor.start}: ${reason}`,
  );
}

export function truncated(tag: number, at: number): DecodeError {
  return malformed(tag, at, "ends within the field");
}

export function overrun(tag: number, at: number): DecodeError {
  return malformed(tag, at, "is longer than what is left of the message");
}

export function tooManyUnknown(): DecodeError {
  return new DecodeError(
    `cannot decode ${cursor.typeName}: more than ${MAX_UNKNOWN_FIELDS} fields that the schema does not know`,
  );
}

export function tooDeep(at: number): DecodeError {
  return new DecodeError(
    `cannot decode ${cursor.typeName}: more than ${MAX_DEPTH} messages in each other at byte ${at - cursor.start}`,
  );
}
