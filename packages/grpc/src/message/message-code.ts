import { create, type DescMessage, type Message } from "@bufbuild/protobuf";
import type { ByteWriter } from "./byte-writer.js";
import { compileCreator, compileReader, compileWriter } from "./compile.js";
import { readByLibrary, writeByLibrary } from "./fallback.js";
import { isCompilable } from "./source.js";

/** Reads the message in bytes[at, end) into an object; see decoder-source.ts. Returns where it ended. */
export type Read = (
  message: Message,
  bytes: Uint8Array,
  at: number,
  end: number,
  depth: number,
  group: number,
) => number;

/** Appends a message. */
export type Write = (message: object, out: ByteWriter) => void;

const codes = new WeakMap<DescMessage, MessageCode>();

/** The code of a message type: one for each descriptor, however many messages refer to it. */
export function codeOf(desc: DescMessage): MessageCode {
  let code = codes.get(desc);
  if (code === undefined) {
    code = new MessageCode(desc);
    codes.set(desc, code);
  }
  return code;
}

/**
 * The three functions of a message type. Each replaces itself by its compiled form when it is first called: a schema may be
 * large and its types refer to each other in circles, but a method uses few of them.
 */
export class MessageCode {
  create: () => Message;
  read: Read;
  write: Write;

  constructor(desc: DescMessage) {
    const compilable = isCompilable(desc);
    this.create = () => {
      this.create = compilable ? compileCreator(desc) : () => create(desc);
      return this.create();
    };
    this.read = (message, bytes, at, end, depth, group) => {
      this.read = compilable ? compileReader(desc, codeOf) : readByLibrary(desc);
      return this.read(message, bytes, at, end, depth, group);
    };
    this.write = (message, out) => {
      this.write = compilable ? compileWriter(desc, codeOf) : writeByLibrary(desc);
      this.write(message, out);
    };
  }
}
