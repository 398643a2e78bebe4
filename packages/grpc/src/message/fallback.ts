import { create, type DescMessage, type Message, mergeFromBinary, toBinary } from "@bufbuild/protobuf";
import { reasonOf } from "../shown.js";
import { EncodeError } from "./codec-error.js";
import { cursor, MAX_DEPTH, malformed, tooDeep } from "./cursor.js";
import type { Read, Write } from "./message-code.js";
import { copyOf } from "./read-value.js";
import { endOfGroup } from "./unknown-field.js";

/** Reads a message with protobuf-es, as part of one that is read by compiled code. */
export function readByLibrary(desc: DescMessage): Read {
  return (message, bytes, at, end, depth, group) => {
    if (depth > MAX_DEPTH) throw tooDeep(at);
    if (group === -1) {
      merge(desc, message, bytes, at, end, depth);
      return end;
    }
    const stop = endOfGroup(bytes, group, at, end, depth);
    const next = cursor.at;
    merge(desc, message, bytes, at, stop, depth);
    return next;
  };
}

/** Appends a message with protobuf-es. */
export function writeByLibrary(desc: DescMessage): Write {
  return (message, out) => {
    let bytes: Uint8Array;
    try {
      bytes = toBinary(desc, create(desc, message as Record<string, unknown>));
    } catch (error) {
      throw new EncodeError(reasonOf(error), { cause: error });
    }
    out.append(bytes);
  };
}

/** The message gets a copy of its bytes, because protobuf-es makes `bytes` fields views of what it reads. */
function merge(desc: DescMessage, message: Message, bytes: Uint8Array, at: number, end: number, depth: number): void {
  try {
    mergeFromBinary(desc, message, copyOf(bytes, at, end), { recursionLimit: MAX_DEPTH + 1 - depth });
  } catch (error) {
    throw malformed(0, at, reasonOf(error));
  }
}
