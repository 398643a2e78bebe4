import { create, type DescMessage, type Message } from "@bufbuild/protobuf";
import { cursor, MAX_DEPTH, overrun, tooDeep, truncated } from "./cursor.js";
import { decoderSource } from "./decoder-source.js";
import { encoderSource } from "./encoder-source.js";
import { foreign, missing } from "./field-error.js";
import type { Read, Write } from "./message-code.js";
import * as values from "./read-value.js";
import { Parts, quoted } from "./source.js";
import { skip, unknownEnum, unknownField } from "./unknown-field.js";
import * as frames from "./write-frame.js";
import * as numbers from "./write-number.js";
import * as contents from "./write-value.js";
import { putVarint32 } from "./write-varint.js";

type CodeOf = (desc: DescMessage) => unknown;

let allowed: boolean | undefined;

/** Whether source may be compiled here. A page's Content-Security-Policy or a flag of Node may forbid it. */
export function canCompile(): boolean {
  if (allowed === undefined) {
    try {
      new Function("");
      allowed = true;
    } catch {
      allowed = false;
    }
  }
  return allowed;
}

/** A function that reads a message. What the descriptor may put into source: see source.ts. */
export function compileReader(desc: DescMessage, codeOf: CodeOf): Read {
  const parts = new Parts();
  const shared = { cursor, MAX_DEPTH, overrun, tooDeep, truncated, skip, unknownEnum, unknownField, ...values };
  return compile(decoderSource(desc, parts, codeOf), shared, parts) as Read;
}

/** A function that appends a message. */
export function compileWriter(desc: DescMessage, codeOf: CodeOf): Write {
  const parts = new Parts();
  const shared = { foreign, missing, putVarint32, ...frames, ...numbers, ...contents };
  const inherits = Object.getPrototypeOf(create(desc)) !== Object.prototype;
  return compile(encoderSource(desc, inherits, parts, codeOf), shared, parts) as Write;
}

/** A function that makes the same empty message as protobuf-es: properties, their order, and prototype. */
export function compileCreator(desc: DescMessage): () => Message {
  const empty = create(desc);
  const prototype = Object.getPrototypeOf(empty);
  const parts = new Parts();
  const properties = Object.entries(empty).map(([name, value]) => [quoted(name), initial(value, parts)] as const);
  if (prototype === Object.prototype) {
    const literal = properties.map(([name, value]) => `${name}: ${value}`).join(", ");
    return compile(`return function create() { return { ${literal} }; };`, {}, parts) as () => Message;
  }
  // Objects of a constructor are made many times faster than those of Object.create().
  const assignments = properties.map(([name, value]) => `this[${name}] = ${value};`).join(" ");
  const source = `function Empty() { ${assignments} }
Empty.prototype = ${parts.part(prototype)};
return function create() { return new Empty(); };`;
  return compile(source, {}, parts) as () => Message;
}

/** Source of the value of a property: a new list, map or oneof for each message, everything else shared. */
function initial(value: unknown, parts: Parts): string {
  if (Array.isArray(value)) return "[]";
  if (typeof value === "object" && value !== null && !(value instanceof Uint8Array)) {
    return "case" in value ? "{ case: undefined }" : "{}";
  }
  return typeof value === "number" ? String(value) : parts.part(value);
}

/** Runs source whose free names are those of `shared` and the parts, and gives what it returns. */
function compile(source: string, shared: object, parts: Parts): unknown {
  const names = `const { ${Object.keys(shared).join(", ")} } = shared;`;
  return new Function("shared", "parts", `"use strict";\n${names}\n${parts.declarations()}\n${source}`)(
    shared,
    parts.values,
  );
}
