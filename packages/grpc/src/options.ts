/** Checks what programs without types may get wrong in options: a name that is none, a value that is not what it should be. */
import { didYouMean } from "./nearest.js";
import { shown } from "./shown.js";

/** What an option may be. */
export interface Expected {
  /** In words: "a function". */
  readonly what: string;
  is(value: unknown): boolean;
}

/** What each option may be. All may be undefined, which is to leave them out. */
export type Expectations<T> = { readonly [P in keyof Required<T>]: Expected };

export const A_FUNCTION: Expected = { what: "a function", is: (value) => typeof value === "function" };
export const A_BOOLEAN: Expected = { what: "true or false", is: (value) => typeof value === "boolean" };
export const A_TEXT: Expected = { what: "a string", is: (value) => typeof value === "string" };
export const BYTES: Expected = { what: "a Uint8Array", is: (value) => value instanceof Uint8Array };
export const AN_OBJECT: Expected = { what: "an object", is: (value) => typeof value === "object" && value !== null };
/** What is checked where it is used. */
export const ANYTHING: Expected = { what: "anything", is: () => true };

export function oneOf(...values: readonly unknown[]): Expected {
  return { what: values.map(shown).join(" or "), is: (value) => values.includes(value) };
}

export function either(...expected: readonly Expected[]): Expected {
  return { what: expected.map(({ what }) => what).join(" or "), is: (value) => expected.some((one) => one.is(value)) };
}

export function listOf(expected: Expected, plural: string): Expected {
  return {
    what: `an array of ${plural}`,
    is: (value) => Array.isArray(value) && value.every((each) => expected.is(each)),
  };
}

/** An object that has at least these functions, under whatever names its kind gives them. */
export function withMethods(what: string, ...names: readonly string[]): Expected {
  return {
    what,
    is: (value) =>
      typeof value === "object" &&
      value !== null &&
      names.every((name) => typeof (value as Record<string, unknown>)[name] === "function"),
  };
}

/** @param most inclusive, as `least` is */
export function numberFrom(least: number, most: number = Number.POSITIVE_INFINITY): Expected {
  const range = most === Number.POSITIVE_INFINITY ? `of at least ${least}` : `from ${least} to ${most}`;
  return { what: `a number ${range}`, is: (value) => typeof value === "number" && value >= least && value <= most };
}

/** @throws {RangeError} if it is not as expected: by default a number of at least 0 */
export function checkNumber(name: string, value: unknown, { what, is }: Expected = numberFrom(0)): void {
  if (!is(value)) throw new RangeError(`${name} is ${shown(value)}: expected ${what}`);
}

/**
 * Checks one argument.
 *
 * @param of whose it is, as its callers write it: "inMemory()"
 * @param as what it is there: "server"
 * @throws {TypeError} if it is not as expected
 */
export function checkArgument(of: string, as: string, value: unknown, { what, is }: Expected): void {
  if (!is(value)) throw new TypeError(`${of} got ${shown(value)} as its ${as}: expected ${what}`);
}

/**
 * Checks options.
 *
 * @param of whose they are, as its callers write it: "dial()"
 * @throws {TypeError} for a name that is none, and for a value that is not as expected; names both and what helps
 * @throws {RangeError} for a number out of its range
 */
export function checkOptions<T extends object>(of: string, given: T, expected: Expectations<T>): void {
  if (typeof given !== "object" || given === null) {
    throw new TypeError(`${of} got ${shown(given)} as its options: expected an object`);
  }
  // Not Object.entries(): calls come here, too.
  for (const name in given) {
    const value: unknown = given[name];
    if (!Object.hasOwn(expected, name)) {
      throw new TypeError(`${of} has no option "${name}"${didYouMean(name, Object.keys(expected))}`);
    }
    const { what, is } = expected[name];
    if (value === undefined || is(value)) continue;
    const text = `${name} is ${shown(value)}: expected ${what}`;
    throw typeof value === "number" ? new RangeError(text) : new TypeError(text);
  }
}
