import { Invalid } from "../../geo/invalid.js";
import { DelimitedRows } from "./delimited-rows.js";
import { JsonRows } from "./json-rows.js";
import { BadRow, type FeatureSink, type RowFormat } from "./row-format.js";

/** A row that is longer, with all that comes before its first feature, is taken for a file of another kind. */
const MAX_ROW_BYTES = 1024 * 1024;

/**
 * Reads features from a file, whichever of the formats it is in, as its bytes come:
 *
 * - JSON, told by its first character, [ or {: the tutorials' array of `{"location": {"latitude", "longitude"}, "name"}` with
 *   coordinates in E7, the same inside `{"feature": [...]}`, a GeoJSON FeatureCollection of points, or any of these features one a line
 * - otherwise lines of cells separated by tabs, commas or semicolons: see {@link DelimitedRows}
 */
export class FeatureReader {
  readonly #sink: FeatureSink;
  #format: RowFormat | undefined;
  #tail: Uint8Array = new Uint8Array(0);

  constructor(sink: FeatureSink) {
    this.#sink = sink;
  }

  /**
   * Reads the next bytes of the file. They may be written to.
   *
   * @returns the first row that cannot be taken; nothing may follow it
   */
  push(bytes: Uint8Array): BadRow | undefined {
    return this.#read(joined(this.#tail, bytes), false);
  }

  /** Reads what is left when the file has ended. */
  end(): BadRow | undefined {
    return this.#read(this.#tail, true);
  }

  #read(bytes: Uint8Array, last: boolean): BadRow | undefined {
    this.#format ??= formatOf(bytes, this.#sink);
    if (this.#format === undefined) {
      this.#tail = bytes;
      return last ? new BadRow("line", 1, new Invalid("the file", "", "features")) : undefined;
    }
    const next = this.#format.read(bytes, bytes.length, last);
    if (next instanceof BadRow) return next;
    this.#tail = bytes.subarray(next);
    if (this.#tail.length <= MAX_ROW_BYTES) return undefined;
    return new BadRow("line", 1, new Invalid("the file", "one row of more than 1 MiB", "features, a row each"));
  }
}

/** The format that the first byte tells that is neither white space nor part of a byte order mark; undefined until there is one. */
function formatOf(bytes: Uint8Array, sink: FeatureSink): RowFormat | undefined {
  const first = bytes.find((byte) => byte > 0x20 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf);
  if (first === undefined) return undefined;
  return first === 0x5b || first === 0x7b ? new JsonRows(sink) : new DelimitedRows(sink);
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  if (one.length === 0) return other;
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
