import { didYouMean } from "../nearest.js";
import { shown } from "../shown.js";

/** No window can be smaller from the beginning. Source: RFC 9113, section 6.9.2. */
const LEAST_WINDOW = 65_535;
const LEAST: Readonly<Record<string, number>> = {
  streamWindowBytes: LEAST_WINDOW,
  connectionWindowBytes: LEAST_WINDOW,
};

/**
 * The limits that were given, and the defaults of all others.
 *
 * @throws {RangeError} for a limit that there is not, and for what is no number or less than makes sense
 */
export function limitsOf<T extends object>(defaults: T, given: Partial<T> = {}): Readonly<T> {
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(defaults, name)) {
      throw new RangeError(`there is no limit ${name}${didYouMean(name, Object.keys(defaults))}`);
    }
    const least = LEAST[name] ?? 0;
    // NaN is no bound at all: every comparison with it says no.
    if (!(typeof value === "number" && value >= least)) {
      throw new RangeError(`the limit ${name} is ${shown(value)}: expected a number of at least ${least}`);
    }
  }
  return Object.freeze({ ...defaults, ...given });
}
