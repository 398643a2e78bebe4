import { MAX_DEPTH } from "./cursor.js";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** No list of messages has more: `{"latitude":1}` takes 14. */
const BYTES_PER_MESSAGE = 8;
/** Short texts may be as dense as they like. */
const FREE_MESSAGES = 1024;

/**
 * What makes a text that may be JSON cost a hundred times what others of its length do; undefined: nothing. Four megabytes of
 * brackets, in each other or side by side, take V8 seconds, and come in four kilobytes of gzip.
 *
 * @returns in words, for the sender
 */
export function costOf(bytes: Uint8Array): string | undefined {
  const most = FREE_MESSAGES + bytes.length / BYTES_PER_MESSAGE;
  let count = 0;
  let depth = 0;
  for (let at = 0; at < bytes.length; at++) {
    switch (bytes[at]) {
      case QUOTE:
        at = endOfText(bytes, at + 1);
        break;
      case OPEN_ARRAY:
      case OPEN_OBJECT:
        if (++depth > MAX_DEPTH) return `more than ${MAX_DEPTH} JSON values in each other`;
        if (++count > most) return `more JSON arrays and objects than one in ${BYTES_PER_MESSAGE} bytes`;
        break;
      case CLOSE_ARRAY:
      case CLOSE_OBJECT:
        depth--;
    }
  }
  return undefined;
}

/** Where the quote is that ends a text. */
function endOfText(bytes: Uint8Array, start: number): number {
  let at = start;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}
