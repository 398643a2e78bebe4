import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";

/**
 * What both generators of source need. A descriptor may come from a stranger (reflection, uploads), so only what these functions
 * return of it goes into source: integers and quoted names.
 */

/** Whether a message has nothing that only protobuf-es knows how to keep. What a message refers to does not matter. */
export function isCompilable(desc: DescMessage): boolean {
  return desc.members.every(({ localName }) => !TAKEN.has(localName)) && desc.fields.every((field) => !isJson(field));
}

/** Names that mean something else as properties of a message. No .proto file makes them, a forged descriptor might. */
const TAKEN: ReadonlySet<string> = new Set(["__proto__", "$typeName", "$unknown"]);

/** protobuf-es keeps Struct as plain JSON in fields, except within Struct itself. */
function isJson(field: DescField): boolean {
  return field.message?.typeName === "google.protobuf.Struct" && field.parent.typeName !== "google.protobuf.Value";
}

/** protobuf-es keeps google.protobuf.Int32Value and its like as their value in singular fields. */
export function isUnwrapped(field: DescField): boolean {
  return field.fieldKind === "message" && field.oneof === undefined && isWrapperDesc(field.message);
}

/** A name as a string literal. */
export function quoted(name: string): string {
  return JSON.stringify(String(name));
}

/** The property of the message `m`, as something to assign to. */
export function property(name: string): string {
  return `m[${quoted(name)}]`;
}

/** The value of a property of `m`, or undefined if `m` inherits it, as all objects inherit hasOwnProperty. */
export function ownValue(name: string, inherited = false): string {
  return inherited || name in Object.prototype
    ? `(Object.hasOwn(m, ${quoted(name)}) ? ${property(name)} : undefined)`
    : property(name);
}

export const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH = 2;
export const GROUP = 3;
export const END_GROUP = 4;
export const FIXED32 = 5;

/** Field number and wire type in one, as on the wire. */
export function tagOf(number: number, wireType: number): number {
  if (!Number.isInteger(number) || number < 1 || number > 0x1fffffff) throw new RangeError(`field number ${number}`);
  return number * 8 + wireType;
}

export function wireTypeOf(type: ScalarType): number {
  switch (type) {
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return LENGTH;
    case ScalarType.DOUBLE:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return FIXED64;
    case ScalarType.FLOAT:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      return FIXED32;
    default:
      return VARINT;
  }
}

export function isLong(type: ScalarType): boolean {
  return LONG.has(type);
}

const LONG: ReadonlySet<ScalarType> = new Set([
  ScalarType.INT64,
  ScalarType.UINT64,
  ScalarType.SINT64,
  ScalarType.FIXED64,
  ScalarType.SFIXED64,
]);

/** Values that source refers to by name: `part(value)` gives the name, and `values` go in as the parameter `parts`. */
export class Parts {
  readonly values: unknown[] = [];

  readonly #names = new Map<unknown, string>();

  part(value: unknown): string {
    let name = this.#names.get(value);
    if (name === undefined) {
      name = `part${this.values.push(value) - 1}`;
      this.#names.set(value, name);
    }
    return name;
  }

  /** Source that gives the parts their names. */
  declarations(): string {
    return this.values.map((_, i) => `const part${i} = parts[${i}];`).join("\n");
  }
}
