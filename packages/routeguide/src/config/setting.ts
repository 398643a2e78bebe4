import { resolve } from "node:path";
import type { Machine } from "./data-folder.js";

/** Says what a refused value should have been, as the end of "must be ...". */
export class Expected {
  readonly what: string;

  constructor(what: string) {
    this.what = what;
  }
}

/** Reads a value of a setting. Relative paths start at `folder`. */
export type Parse<T> = (value: unknown, folder: string) => T | Expected;

/** One setting of the configuration: how it is given, what it means, how it is read. */
export interface Setting<T> {
  /** What stands for the value in the help: SECONDS. Absent: it is a switch, and its flag takes no value. */
  readonly placeholder?: string;
  /** One line for the help. A default that is a text is added to it. */
  readonly help: string;
  readonly parse: Parse<T>;
  /** The default as it would be typed. */
  readonly initial: string | readonly string[] | ((machine: Machine) => string);
  /** Whether its flag may be given several times. In the environment such values stand in a list like PATH. */
  readonly isList?: boolean;
  /** What stands between such values instead, where they may hold that of PATH. */
  readonly separator?: string;
}

export function integer(least: number, most: number, unit = ""): Parse<number> {
  const expected = new Expected(`a whole number${unit && ` of ${unit}`} from ${least} to ${most}`);
  return (value) => {
    const number = asNumber(value);
    return Number.isSafeInteger(number) && number >= least && number <= most ? number : expected;
  };
}

export function number(least: number, most: number, unit: string): Parse<number> {
  const expected = new Expected(`a number of ${unit} from ${least} to ${most}`);
  return (value) => {
    const number = asNumber(value);
    return number >= least && number <= most ? number : expected;
  };
}

export function oneOf<const T extends string>(choices: readonly T[]): Parse<T> {
  const expected = new Expected(`one of ${choices.join(", ")}`);
  return (value) => choices.find((choice) => choice === value) ?? expected;
}

/** Of a switch: its flag turns it on, or off if it is on by default. */
export const onOrOff: Parse<boolean> = (value) => {
  if (value === true || value === "true") return true;
  return value === false || value === "false" ? false : new Expected("true or false");
};

/** A text that a function reads; it returns undefined for what it does not take. */
export function readBy<T>(read: (text: string) => T | undefined, forms: string): Parse<T> {
  const expected = new Expected(forms);
  return (value) => (typeof value === "string" ? read(value) : undefined) ?? expected;
}

export const path: Parse<string> = (value, folder) =>
  typeof value === "string" && value !== "" ? resolve(folder, value) : new Expected("a path");

/** A path, or nothing. */
export const optionalPath: Parse<string | undefined> = (value, folder) =>
  value === "" ? undefined : path(value, folder);

export const paths: Parse<readonly string[]> = (value, folder) => {
  const values = Array.isArray(value) ? value : [value];
  const parsed: string[] = [];
  for (const one of values) {
    const result = path(one, folder);
    if (result instanceof Expected) return new Expected("a path or a list of paths");
    parsed.push(result);
  }
  return Object.freeze(parsed);
};

/** NaN for what is no number. An empty text is none, though Number("") is 0. */
function asNumber(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
}
