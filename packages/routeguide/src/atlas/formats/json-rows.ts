import { Invalid } from "../../geo/invalid.js";
import { featureOf } from "./json-feature.js";
import { endOfValue, findArray, isSpace, skipSpace } from "./json-scan.js";
import { BadRow, excerpt, type FeatureSink, type RowFormat } from "./row-format.js";

const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
/** Objects that hold an array of features: the tutorials' and GeoJSON's. */
const ARRAY_NAMES = ["feature", "features"];

const decoder = new TextDecoder("utf-8", { fatal: true });
const encoder = new TextEncoder();

/**
 * Features in JSON: an array, an object that holds one, or one after the other, which is how newline-delimited files have them.
 * Features are cut out by their brackets and parsed many at a time, so that the file is never whole in memory.
 *
 * ```
 * start --[--> array --]--> done          start --{"features":[--> array          start --{--> sequence
 * ```
 */
export class JsonRows implements RowFormat {
  readonly #sink: FeatureSink;
  #state: "start" | "array" | "sequence" | "done" = "start";
  /** Whether an object is around the array. */
  #isWrapped = false;
  /** Features before the next one. */
  #count = 0;
  #name = new Uint8Array(1024);

  constructor(sink: FeatureSink) {
    this.#sink = sink;
  }

  read(bytes: Uint8Array, end: number, last: boolean): number | BadRow {
    const start = this.#state === "start" ? this.#start(bytes, end) : 0;
    if (start < 0) return last ? this.#bad("the file", "cut off", "the end of its first object") : 0;
    const next = this.#state === "done" ? start : this.#readFeatures(bytes, start, end);
    if (next instanceof BadRow) return next;
    if (this.#state === "done") return this.#readRest(bytes, next, end);
    if (!last) return next;
    if (this.#state === "array") return this.#bad("the file", "cut off", "the end of its array");
    return next === end ? end : this.#bad("the feature", excerpt(bytes, next, end), "a whole JSON object");
  }

  /** Finds out which form it is. Returns where features start, or -1 if that needs more bytes. */
  #start(bytes: Uint8Array, end: number): number {
    const first = bytes.findIndex((byte) => byte === OPEN_ARRAY || byte === OPEN_OBJECT);
    if (bytes[first] === OPEN_ARRAY) {
      this.#state = "array";
      return first + 1;
    }
    const array = findArray(bytes, first, end, ARRAY_NAMES);
    if (array < 0) return -1;
    this.#isWrapped = array > 0;
    this.#state = this.#isWrapped ? "array" : "sequence";
    return this.#isWrapped ? array : first;
  }

  /** Takes all whole features, and returns where the first one starts that is not, or the rest behind the array. */
  #readFeatures(bytes: Uint8Array, start: number, end: number): number | BadRow {
    let count = 0;
    let firstStart = start;
    let lastEnd = start;
    while (true) {
      const at = this.#skipSeparators(bytes, lastEnd, end);
      const featureEnd = bytes[at] === OPEN_OBJECT && at < end ? endOfValue(bytes, at, end) : -1;
      if (featureEnd < 0 || (count > 0 && at === lastEnd)) {
        const bad = this.#take(bytes, firstStart, lastEnd, count);
        return bad ?? this.#readOther(bytes, at, end);
      }
      if (count === 0) firstStart = at;
      else if (this.#state === "sequence") bytes[lastEnd] = COMMA;
      lastEnd = featureEnd;
      count++;
    }
  }

  /** Reads what is no whole feature: nothing, the start of one, the end of the array, or a mistake. */
  #readOther(bytes: Uint8Array, at: number, end: number): number | BadRow {
    if (at === end) return end;
    if (bytes[at] === CLOSE_ARRAY && this.#state === "array") {
      this.#state = "done";
      return at + 1;
    }
    if (bytes[at] === OPEN_OBJECT && endOfValue(bytes, at, end) < 0) return at;
    return this.#bad("the feature", excerpt(bytes, at, end), "a JSON object, apart from the one before");
  }

  #readRest(bytes: Uint8Array, start: number, end: number): number | BadRow {
    const at = this.#isWrapped ? end : skipSpace(bytes, start, end);
    return at === end ? end : this.#bad("what follows the array", excerpt(bytes, at, end), "the end of the file");
  }

  /** Adds the features in bytes[start, end), which have commas between them, parsing them in one go. */
  #take(bytes: Uint8Array, start: number, end: number, count: number): BadRow | undefined {
    let features: readonly unknown[];
    try {
      features = JSON.parse(`[${decoder.decode(bytes.subarray(start, end))}]`);
    } catch {
      return this.#findBad(bytes, start, end, count);
    }
    for (const feature of features) {
      const invalid = this.#add(feature);
      if (invalid !== undefined) return this.#bad(invalid.field, invalid.value, invalid.expected);
    }
    return undefined;
  }

  /** Parses features one by one to tell which is malformed. */
  #findBad(bytes: Uint8Array, start: number, end: number, count: number): BadRow {
    let at = start;
    for (let i = 0; i < count; i++) {
      const featureEnd = endOfValue(bytes, at, end);
      try {
        const invalid = this.#add(JSON.parse(decoder.decode(bytes.subarray(at, featureEnd))));
        if (invalid !== undefined) return this.#bad(invalid.field, invalid.value, invalid.expected);
      } catch {
        return this.#bad("the feature", excerpt(bytes, at, featureEnd), "JSON in UTF-8");
      }
      at = featureEnd;
      // A comma is what stands between features of a sequence by now, too.
      while (at < end && (isSpace(bytes[at]) || bytes[at] === COMMA)) at++;
    }
    return this.#bad("the feature", "not separated from the one before", "one comma between features");
  }

  #add(value: unknown): Invalid | undefined {
    const feature = featureOf(value);
    if (feature instanceof Invalid) return feature;
    const maxBytes = 3 * feature.name.length;
    if (maxBytes > this.#name.length) this.#name = new Uint8Array(maxBytes);
    const { written } = encoder.encodeInto(feature.name, this.#name);
    const invalid = this.#sink.add(feature.latitude, feature.longitude, this.#name, 0, written);
    if (invalid === undefined) this.#count++;
    return invalid;
  }

  #skipSeparators(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    while (at < end && (isSpace(bytes[at]) || (bytes[at] === COMMA && this.#state === "array"))) at++;
    return at;
  }

  #bad(field: string, value: string, expected: string): BadRow {
    return new BadRow("feature", this.#count + 1, new Invalid(field, value, expected));
  }
}
