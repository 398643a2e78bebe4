import type { DescField } from "@bufbuild/protobuf";
import { reasonOf, shown } from "../shown.js";
import { EncodeError } from "./codec-error.js";

export function wrong(field: DescField, value: unknown, expected: string): EncodeError {
  return new EncodeError(`cannot encode ${nameOf(field)}: expected ${expected}, got ${shown(value)}`);
}

export function missing(field: DescField): EncodeError {
  return new EncodeError(`cannot encode ${nameOf(field)}: the field is required`);
}

export function foreign(typeName: string, value: unknown): EncodeError {
  return new EncodeError(`cannot encode ${typeName}: got ${shown(value)}`);
}

/** What the code of a getter has thrown, or the stack's end in a message that has itself inside of it. */
export function unreadable(typeName: string, thrown: unknown): EncodeError {
  const text = reasonOf(thrown);
  const reason = /call stack|recursion/.test(text) ? `its messages lie in each other without end (${text})` : text;
  return new EncodeError(`cannot encode ${typeName}: ${reason}`, { cause: thrown });
}

function nameOf({ parent, name }: DescField): string {
  return `${parent.typeName}.${name}`;
}
