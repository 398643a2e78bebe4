import type { DescField } from "@bufbuild/protobuf";
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

function nameOf({ parent, name }: DescField): string {
  return `${parent.typeName}.${name}`;
}

function shown(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value);
    case "bigint":
      return `${value}n`;
    case "function":
      return "a function";
    case "object":
      if (value === null) return "null";
      if ("$typeName" in value) return `a message of type ${String(value.$typeName)}`;
      return Array.isArray(value) ? "an array" : "an object";
    default:
      return String(value);
  }
}
