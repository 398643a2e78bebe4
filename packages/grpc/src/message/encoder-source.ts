import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import {
  END_GROUP,
  GROUP,
  isLong,
  isUnwrapped,
  LENGTH,
  ownValue,
  type Parts,
  quoted,
  tagOf,
  wireTypeOf,
} from "./source.js";

// google.protobuf.FeatureSet.FieldPresence
const IMPLICIT = 2;
const LEGACY_REQUIRED = 3;

/**
 * Source of `write(m, w)`: appends the message `m`, or an object in its init shape, to the ByteWriter `w`. Fields go out in
 * the order of their numbers, then unknown ones: the same bytes as protobuf-es.
 *
 * @param inherits whether messages inherit the defaults of fields that are not set
 * @param codeOf the code of a message type that a field refers to: `{ write }`
 */
export function encoderSource(
  desc: DescMessage,
  inherits: boolean,
  parts: Parts,
  codeOf: (desc: DescMessage) => unknown,
): string {
  // Not a literal: the very string that messages hold compares equal without looking at its characters.
  const typeName = parts.part(desc.typeName);
  const writer: Writer = { inherits, parts, codeOf };
  const fields = runsOf(desc.fields.toSorted((a, b) => a.number - b.number));
  return `return function write(m, w) {
  let v, i, k, n, e, o, at, inner, b, to;
  if (m.$typeName !== ${typeName} && m.$typeName !== undefined) throw foreign(${typeName}, m);
${fields.map((run) => (run.every(isNumber) ? writeNumbers(run, writer) : run.map((field) => writeField(field, writer)).join("\n"))).join("\n")}
  v = m.$unknown;
  if (v !== undefined) unknownFields(w, v);
};`;
}

interface Writer {
  readonly inherits: boolean;
  readonly parts: Parts;
  readonly codeOf: (desc: DescMessage) => unknown;
}

type NumberField = DescField & { fieldKind: "scalar" | "enum" };

/** Whether a field is one value of a type whose length is bounded. */
function isNumber(field: DescField): field is NumberField {
  return field.fieldKind === "enum" || (field.fieldKind === "scalar" && isBounded(field.scalar));
}

const isBounded = (type: ScalarType) => wireTypeOf(type) !== LENGTH;

/** Numbers that follow each other in one run, every other field in one of its own. */
function runsOf(fields: readonly DescField[]): DescField[][] {
  const runs: DescField[][] = [];
  for (const field of fields) {
    const run = runs.at(-1);
    if (run !== undefined && run.length < LONGEST_RUN && isNumber(field) && run.every(isNumber)) run.push(field);
    else runs.push([field]);
  }
  return runs;
}

/** Room is made for a whole run, whatever of it is there: longer ones would waste the ends of slabs. */
const LONGEST_RUN = 16;
/** What a tag and a number take at most. */
const TAG_BYTES = 5;
const NUMBER_BYTES = 10;

/** Numbers are written from registers: room is made once, and the writer hears at the end where they end. */
function writeNumbers(run: readonly NumberField[], writer: Writer): string {
  return `  w.reserve(${run.length * (TAG_BYTES + NUMBER_BYTES)}); b = w.bytes; to = w.at;
${run.map((field) => singular(field, writer)).join("\n")}
  w.at = to;`;
}

function writeNumber(field: NumberField, { parts }: Writer): string {
  const type = field.scalar ?? ScalarType.INT32;
  const tag = tagOf(field.number, wireTypeOf(type));
  const begin = tag < 128 ? `b[to++] = ${tag};` : `to = putVarint32(b, to, ${tag});`;
  return `${begin} to = ${call(type)}(b, to, v, ${parts.part(field)});`;
}

function writeField(field: DescField, writer: Writer): string {
  switch (field.fieldKind) {
    case "list":
      return `  v = ${ownValue(field.localName)};\n  if (v !== undefined && v !== null) {${listBody(field, writer)}}`;
    case "map":
      return `  v = ${ownValue(field.localName)};\n  if (v !== undefined && v !== null) {${mapBody(field, writer)}}`;
    default:
      return singular(field, writer);
  }
}

function singular(field: DescField & { fieldKind: "scalar" | "enum" | "message" }, writer: Writer): string {
  let body: string;
  if (isNumber(field)) body = writeNumber(field, writer);
  else body = field.fieldKind === "message" ? writeMessage(field, "v", writer) : writeScalar(field, "v", writer);
  const { oneof, localName } = field;
  if (oneof !== undefined) {
    // A message that is undefined is an empty one, as protobuf-es has it.
    const value = field.fieldKind === "message" ? "v.value ?? {}" : "v.value";
    return `  v = ${ownValue(oneof.localName)};
  if (v !== undefined && v !== null && v.case === ${quoted(localName)}) { v = ${value}; ${body} }`;
  }
  if (field.presence === IMPLICIT && field.fieldKind !== "message") {
    return `  v = ${ownValue(localName)};\n  if (${isSet(field)}) { ${body} }`;
  }
  const value = ownValue(localName, writer.inherits && field.fieldKind !== "message");
  const otherwise = field.presence === LEGACY_REQUIRED ? ` else throw missing(${writer.parts.part(field)});` : "";
  return `  v = ${value};\n  if (v !== undefined && v !== null) { ${body} }${otherwise}`;
}

/** Whether `v` is there and not the zero of its type. */
function isSet(field: DescField & { fieldKind: "scalar" | "enum" }): string {
  const isThere = "v !== undefined && v !== null";
  if (field.fieldKind === "enum") return `v !== 0 && ${isThere}`;
  switch (field.scalar) {
    case ScalarType.STRING:
      return `v !== "" && ${isThere}`;
    case ScalarType.BOOL:
      return `v !== false && ${isThere}`;
    case ScalarType.BYTES:
      return `${isThere} && v.length !== 0`;
    case ScalarType.FLOAT:
    case ScalarType.DOUBLE:
      return `!Object.is(v, 0) && ${isThere}`;
    default:
      return isLong(field.scalar) ? `${isThere} && isLongSet(v)` : `v !== 0 && ${isThere}`;
  }
}

function listBody(field: DescField & { fieldKind: "list" }, writer: Writer): string {
  const values = `v = items(v, ${writer.parts.part(field)});`;
  if (field.listKind === "message") {
    return `${values} for (i = 0; i < v.length; i++) { ${writeMessage(field, "v[i]", writer)} }`;
  }
  if (!field.packed) return `${values} for (i = 0; i < v.length; i++) { ${writeScalar(field, "v[i]", writer)} }`;
  const type = field.listKind === "enum" ? ScalarType.INT32 : field.scalar;
  return `${values} if (v.length > 0) {
    ${writeTag(tagOf(field.number, LENGTH))} at = open(w);
    for (i = 0; i < v.length; i++) { room(w); ${append(type, "v[i]", writer.parts.part(field))} }
    close(w, at);
  }`;
}

function mapBody(field: DescField & { fieldKind: "map" }, writer: Writer): string {
  const part = writer.parts.part(field);
  const key = `${writeTag(tagOf(1, wireTypeOf(field.mapKey)))} ${append(field.mapKey, `mapKey(e, ${Number(field.mapKey)})`, part)}`;
  let value: string;
  if (field.mapKind === "message") {
    const code = writer.parts.part(writer.codeOf(field.message));
    value = `o = object(v[e], ${part}); ${writeTag(tagOf(2, LENGTH))} inner = open(w); ${code}.write(o, w); close(w, inner);`;
  } else {
    const type = field.mapKind === "enum" ? ScalarType.INT32 : field.scalar;
    value = `${writeTag(tagOf(2, wireTypeOf(type)))} ${append(type, "v[e]", part)}`;
  }
  return `k = keys(v, ${part}); for (i = 0, n = k.length; i < n; i++) {
    e = k[i]; ${writeTag(tagOf(field.number, LENGTH))} at = open(w);
    ${key}
    ${value}
    close(w, at);
  }`;
}

/** Statements that write one scalar or enum with its tag. */
function writeScalar(field: DescField, value: string, { parts }: Writer): string {
  const type = field.scalar ?? ScalarType.INT32;
  return `${writeTag(tagOf(field.number, wireTypeOf(type)))} ${append(type, value, parts.part(field))}`;
}

/** Statement that appends a value without its tag, for which there is room if it is a number. */
function append(type: ScalarType, value: string, part: string): string {
  const write = call(type);
  return isBounded(type) ? `w.at = ${write}(w.bytes, w.at, ${value}, ${part});` : `${write}(w, ${value}, ${part});`;
}

/** Statements that write one message with its tag, and its length or its end. */
function writeMessage(field: DescField & { message: DescMessage }, value: string, { parts, codeOf }: Writer): string {
  const code = parts.part(codeOf(field.message));
  const object = isUnwrapped(field) ? `o = { value: ${value} };` : `o = object(${value}, ${parts.part(field)});`;
  const write = `${code}.write(o, w);`;
  if ("delimitedEncoding" in field && field.delimitedEncoding) {
    return `${object} ${writeTag(tagOf(field.number, GROUP))} ${write} ${writeTag(tagOf(field.number, END_GROUP))}`;
  }
  return `${object} ${writeTag(tagOf(field.number, LENGTH))} at = open(w); ${write} close(w, at);`;
}

function writeTag(tag: number): string {
  return `${tag < 128 ? "shortTag" : "longTag"}(w, ${tag});`;
}

/** The function of write-number.ts or write-value.ts that writes a value of this type without its tag. */
function call(type: ScalarType): string {
  switch (type) {
    case ScalarType.DOUBLE:
      return "double";
    case ScalarType.FLOAT:
      return "float";
    case ScalarType.INT64:
      return "int64";
    case ScalarType.UINT64:
      return "uint64";
    case ScalarType.INT32:
      return "int32";
    case ScalarType.FIXED64:
      return "fixed64";
    case ScalarType.FIXED32:
      return "fixed32";
    case ScalarType.BOOL:
      return "bool";
    case ScalarType.STRING:
      return "string";
    case ScalarType.BYTES:
      return "bytes";
    case ScalarType.UINT32:
      return "uint32";
    case ScalarType.SFIXED32:
      return "sfixed32";
    case ScalarType.SFIXED64:
      return "sfixed64";
    case ScalarType.SINT32:
      return "sint32";
    case ScalarType.SINT64:
      return "sint64";
  }
}
