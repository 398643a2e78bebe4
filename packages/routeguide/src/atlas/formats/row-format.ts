import type { Invalid } from "../../geo/invalid.js";

/** Takes what a file holds, feature by feature, as AtlasBuilder does. */
export interface FeatureSink {
  /**
   * @param latitude E7, on Earth
   * @param bytes bytes[start, end) is the name in UTF-8, which the sink checks
   * @returns what is wrong with the feature
   */
  add(latitude: number, longitude: number, bytes: Uint8Array, start: number, end: number): Invalid | undefined;
}

/** What is wrong in a file, and where. */
export class BadRow {
  /**
   * @param row counted from 1: a line of text with the header, or a feature of JSON
   */
  constructor(
    readonly kind: "line" | "feature",
    readonly row: number,
    readonly invalid: Invalid,
  ) {}

  get message(): string {
    return `${this.kind} ${this.row}: ${this.invalid.message}`;
  }
}

/** A file format, read from the top in pieces of any size. */
export interface RowFormat {
  /**
   * Adds the features of all whole rows in bytes[0, end).
   *
   * @param last whether the file ends there, so that a row without an end is whole
   * @returns where the first row starts that is not whole yet, which must come again with more behind it; or the first bad row
   */
  read(bytes: Uint8Array, end: number, last: boolean): number | BadRow;
}

/** Text for a message: on one line, and not longer than a line takes. */
export function excerpt(bytes: Uint8Array, start: number, end: number): string {
  const text = new TextDecoder().decode(bytes.subarray(start, Math.min(end, start + MAX_EXCERPT_BYTES)));
  return text.replaceAll(/\s+/g, " ").trim() + (end - start > MAX_EXCERPT_BYTES ? "..." : "");
}

const MAX_EXCERPT_BYTES = 60;
