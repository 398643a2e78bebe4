/** What the steps on the contract look at: messages, fields, methods, as the compiler understood them. */
import type { DescField, DescFile, DescMessage } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import { PROTO } from "../build/contract.js";
import { file_routeguide_route_guide as wanted } from "../gen/routeguide/route_guide_pb.js";
import { Miss, type Suspect } from "./miss.js";

/** @throws {Miss} unless the message is the tutorial's, field by field */
export function expectMessage(file: DescFile, name: string): void {
  const message = file.messages.find((message) => message.name === name);
  const should = wanted.messages.find((message) => message.name === name);
  if (should === undefined) throw new Error(`RouteGuide has no message ${name}`);
  if (message === undefined) {
    throw new Miss(`The message ${name} is missing`, {
      expected: `message ${name} { ... }`,
      seen: listOf(file.messages) || "no message",
      at: { file: PROTO, line: /Step 1:|^message/ },
    });
  }
  for (const field of should.fields) expectField(message, field);
  const extra = message.fields.find(({ name }) => !should.fields.some((field) => field.name === name));
  if (extra !== undefined) {
    throw new Miss(`${name} has a field that the contract does not know: ${extra.name}`, {
      expected: `the fields ${listOf(should.fields)}`,
      at: lineOf(extra.name),
    });
  }
}

function expectField(message: DescMessage, should: DescField): void {
  const wantedLine = `${typeOf(should)} ${should.name} = ${should.number};`;
  const field = message.fields.find(({ name }) => name === should.name);
  if (field === undefined) {
    throw new Miss(`${message.name} has no field ${should.name}`, {
      expected: wantedLine,
      seen: listOf(message.fields) || "no fields",
      at: { file: PROTO, line: new RegExp(`message\\s+${message.name}\\b`) },
    });
  }
  const at = lineOf(field.name);
  if (field.number !== should.number) {
    throw new Miss(`${message.name}.${field.name} has the number ${field.number}`, {
      expected: `${wantedLine}   The number is what travels, so all languages must agree on it.`,
      at,
    });
  }
  if (typeOf(field) !== typeOf(should)) {
    throw new Miss(`${message.name}.${field.name} has the type ${typeOf(field)}`, { expected: wantedLine, at });
  }
}

/** A field's type as the .proto file says it. */
function typeOf(field: DescField): string {
  if (field.fieldKind === "scalar") return ScalarType[field.scalar].toLowerCase();
  if (field.fieldKind === "message") return field.message.name;
  if (field.fieldKind === "list") return "repeated";
  return field.fieldKind;
}

/** The line of the .proto file that names a field or method. */
export const lineOf = (name: string): Suspect => ({ file: PROTO, line: new RegExp(`\\b${name}\\b\\s*[=(]`) });

const listOf = (named: readonly { readonly name: string }[]) => named.map(({ name }) => name).join(", ");
