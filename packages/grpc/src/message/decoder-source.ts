import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import {
  END_GROUP,
  GROUP,
  isLong,
  isUnwrapped,
  LENGTH,
  ownValue,
  type Parts,
  property,
  quoted,
  tagOf,
  VARINT,
  wireTypeOf,
} from "./source.js";

/**
 * Source of `read(m, b, at, end, depth, group)`: reads the message in b[at, end) into `m` and returns where it ended. With `group`,
 * the tag that ends a group, it ends there, and otherwise (-1) at `end`. `depth` counts the messages around it and itself.
 *
 * A case for each field with its wire type; another wire type makes it an unknown field, as the protobuf specification says.
 *
 * @param codeOf the code of a message type that a field refers to: `{ create, read }`
 */
export function decoderSource(desc: DescMessage, parts: Parts, codeOf: (desc: DescMessage) => unknown): string {
  const message: Reader = { parts, codeOf };
  return `return function read(m, b, at, end, depth, group) {
  let tag, v, len, stop, key, val, o;
  if (depth > MAX_DEPTH) throw tooDeep(at);
  while (at < end) {
    ${READ_TAG}
    switch (tag) {
${desc.fields.map((field) => fieldCases(field, message)).join("\n")}
      default:
        if (tag === group) return at;
        at = unknownField(m, b, tag, at, end, depth);
    }
  }
  if (at !== end || group !== -1) throw truncated(group === -1 ? tag : group, end);
  return at;
};`;
}

interface Reader {
  readonly parts: Parts;
  readonly codeOf: (desc: DescMessage) => unknown;
}

const READ_TAG = "tag = b[at++]; if (tag > 127) { tag = longTag(b, at, tag); at = cursor.at; }";

function fieldCases(field: DescField, message: Reader): string {
  switch (field.fieldKind) {
    case "scalar":
      return valueCase(field, scalar(field.scalar, field, field.longAsString), message);
    case "enum":
      return valueCase(field, INT32, message);
    case "message":
      return messageCase(field, message);
    case "list":
      return listCases(field, message);
    case "map":
      return mapCase(field, message);
  }
}

/** One case. `body` leaves the value in `v`. */
function valueCase(field: DescField & { fieldKind: "scalar" | "enum" }, body: string, { parts }: Reader): string {
  const tag = tagOf(field.number, field.fieldKind === "enum" ? VARINT : wireTypeOf(field.scalar));
  const keep = keepValue(field);
  if (field.fieldKind === "scalar" || field.enum.open) return caseOf(tag, `${body} ${keep}`);
  const known = parts.part(new Set(field.enum.values.map(({ number }) => number)));
  return caseOf(tag, `${body} if (${known}.has(v)) { ${keep} } else unknownEnum(m, tag, v);`);
}

/** Statement that sets a singular field to `v`. */
function keepValue({ oneof, localName }: DescField): string {
  return oneof === undefined
    ? `${property(localName)} = v;`
    : `${property(oneof.localName)} = { case: ${quoted(localName)}, value: v };`;
}

/** A message that comes twice is merged: the second is read into the first. */
function messageCase(field: DescField & { fieldKind: "message" }, message: Reader): string {
  const { oneof, localName } = field;
  const code = message.parts.part(message.codeOf(field.message));
  const read = readMessage(field, code, "v", "end");
  if (isUnwrapped(field)) {
    const value = "v.value";
    return `${read.head} v = ${code}.create(); o = ${ownValue(localName)}; if (o !== undefined) ${value} = o; ${read.body}
        ${property(localName)} = ${value}; break;`;
  }
  const before =
    oneof === undefined
      ? `v = ${ownValue(localName)}; if (v === undefined) v = ${code}.create();`
      : `o = ${property(oneof.localName)}; v = o.case === ${quoted(localName)} ? o.value : ${code}.create();`;
  return `${read.head} ${before} ${read.body} ${keepValue(field)} break;`;
}

function listCases(field: DescField & { fieldKind: "list" }, message: Reader): string {
  const list = property(field.localName);
  if (field.listKind === "message") {
    const code = message.parts.part(message.codeOf(field.message));
    const read = readMessage(field, code, "v", "end");
    return `${read.head} v = ${code}.create(); ${read.body} ${list}.push(v); break;`;
  }
  const type = field.listKind === "enum" ? ScalarType.INT32 : field.scalar;
  const body = scalar(type, field, field.listKind === "scalar" && field.longAsString);
  const wireType = wireTypeOf(type);
  const single = caseOf(tagOf(field.number, wireType), `${body} ${list}.push(v);`);
  if (wireType === LENGTH) return single;
  const packed = caseOf(
    tagOf(field.number, LENGTH),
    `${length("end")} stop = at + len; o = ${list};
        while (at < stop) { ${body} o.push(v); }
        if (at !== stop) throw overrun(tag, at);`,
  );
  return `${single}\n${packed}`;
}

function mapCase(field: DescField & { fieldKind: "map" }, message: Reader): string {
  const key = `${scalar(field.mapKey, field, false, "stop")} key = v;`;
  const value = mapValue(field, message);
  const set = field.mapKey === ScalarType.STRING ? "setEntry(o, key, val);" : "o[key] = val;";
  return caseOf(
    tagOf(field.number, LENGTH),
    `${length("end")} stop = at + len; o = ${property(field.localName)}; key = ${zero(field.mapKey)}; val = undefined;
        while (at < stop) {
          ${READ_TAG}
          if (tag === ${tagOf(1, wireTypeOf(field.mapKey))}) { ${key} }
          else if (tag === ${value.tag}) { ${value.read} }
          else at = skip(b, tag, at, stop, depth);
        }
        if (at !== stop) throw overrun(tag, at);
        if (val === undefined) val = ${value.zero};
        ${set}`,
  );
}

/** The value of an entry: its tag, statements that leave it in `val`, and what it is when it is not there. */
function mapValue(
  field: DescField & { fieldKind: "map" },
  { parts, codeOf }: Reader,
): { tag: number; read: string; zero: string } {
  if (field.mapKind === "message") {
    const code = parts.part(codeOf(field.message));
    return {
      tag: tagOf(2, LENGTH),
      read: `${length("stop")} if (val === undefined) val = ${code}.create(); at = ${code}.read(val, b, at, at + len, depth + 1, -1);`,
      zero: `${code}.create()`,
    };
  }
  const type = field.mapKind === "enum" ? ScalarType.INT32 : field.scalar;
  return {
    tag: tagOf(2, wireTypeOf(type)),
    read: `${scalar(type, field, false, "stop")} val = v;`,
    zero: field.mapKind === "enum" ? parts.part(field.enum.values[0]?.number ?? 0) : zero(type),
  };
}

/** The start of the case, and the statement that reads a message into `v`. */
function readMessage(field: DescField, code: string, into: string, limit: string): { head: string; body: string } {
  const { number } = field;
  if ("delimitedEncoding" in field && field.delimitedEncoding) {
    return {
      head: `      case ${tagOf(number, GROUP)}:`,
      body: `at = ${code}.read(${into}, b, at, ${limit}, depth + 1, ${tagOf(number, END_GROUP)});`,
    };
  }
  return {
    head: `      case ${tagOf(number, LENGTH)}:`,
    body: `${length(limit)} at = ${code}.read(${into}, b, at, at + len, depth + 1, -1);`,
  };
}

function caseOf(tag: number, body: string): string {
  return `      case ${tag}: ${body} break;`;
}

/** Reads a length into `len`. Written so that a length read past the end (undefined) fails the comparison too. */
function length(limit: string): string {
  return `len = b[at++]; if (len > 127) { len = longUint32(b, at, len, tag); at = cursor.at; } if (!(len <= ${limit} - at)) throw overrun(tag, at);`;
}

const INT32 = "v = b[at++]; if (v > 127) { v = longInt32(b, at, v, tag); at = cursor.at; }";

/** Statements that read a value without its tag into `v`. Most varints are one byte, so that is written out. */
function scalar(type: ScalarType, field: DescField, longAsString: boolean, limit = "end"): string {
  const read = bareScalar(type, field.utf8Validation, limit);
  return longAsString && isLong(type) ? `${read} v = String(v);` : read;
}

function bareScalar(type: ScalarType, utf8Validation: boolean, limit: string): string {
  switch (type) {
    case ScalarType.INT32:
      return INT32;
    case ScalarType.UINT32:
      return "v = b[at++]; if (v > 127) { v = longUint32(b, at, v, tag); at = cursor.at; }";
    case ScalarType.SINT32:
      return `${INT32} v = (v >>> 1) ^ -(v & 1);`;
    case ScalarType.BOOL:
      return "v = b[at++]; if (v > 127) { v = longBool(b, at, tag); at = cursor.at; } v = v !== 0;";
    case ScalarType.INT64:
      return "v = int64(b, at, tag); at = cursor.at;";
    case ScalarType.UINT64:
      return "v = uint64(b, at, tag); at = cursor.at;";
    case ScalarType.SINT64:
      return "v = sint64(b, at, tag); at = cursor.at;";
    case ScalarType.FIXED32:
      return "v = fixed32(b, at); at += 4;";
    case ScalarType.SFIXED32:
      return "v = sfixed32(b, at); at += 4;";
    case ScalarType.FLOAT:
      return "v = float(b, at); at += 4;";
    case ScalarType.FIXED64:
      return "v = fixed64(b, at); at += 8;";
    case ScalarType.SFIXED64:
      return "v = sfixed64(b, at); at += 8;";
    case ScalarType.DOUBLE:
      return "v = double(b, at); at += 8;";
    case ScalarType.STRING:
      return `${length(limit)} v = ${utf8Validation ? "utf8(b, at, at + len, tag)" : "lenientUtf8(b, at, at + len)"}; at += len;`;
    case ScalarType.BYTES:
      return `${length(limit)} v = copyOf(b, at, at + len); at += len;`;
  }
}

/** The value of a scalar that is not there. */
function zero(type: ScalarType): string {
  switch (type) {
    case ScalarType.STRING:
      return '""';
    case ScalarType.BOOL:
      return "false";
    case ScalarType.BYTES:
      return "new Uint8Array(0)";
    default:
      return isLong(type) ? "0n" : "0";
  }
}
