/** Command lines of the programs here. What is wrong with one is said in a line, without a stack trace. */
import { type ParseArgsConfig, parseArgs } from "node:util";

/** EX_USAGE of sysexits.h. */
const USAGE_EXIT_CODE = 64;

/** The command line is wrong. The message says how, and what was expected. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Runs a program whose command line may be wrong. */
export async function program(main: () => void | Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n--help says what there is.`);
    process.exitCode = USAGE_EXIT_CODE;
  }
}

type Values<T extends NonNullable<ParseArgsConfig["options"]>> = ReturnType<
  typeof parseArgs<{ options: T; args: string[] }>
>["values"];

/**
 * The values of options.
 *
 * @param args default: what the process was started with
 * @throws {UsageError} for options that there are not, and for those whose value is missing
 */
export function readOptions<const T extends NonNullable<ParseArgsConfig["options"]>>(
  options: T,
  args: string[] = process.argv.slice(2),
): Values<T> {
  try {
    return parseArgs({ options, args }).values;
  } catch (error) {
    // What follows is about positional arguments, of which there are none here.
    const [sentence] = (error as Error).message.split(". ");
    throw new UsageError(`${sentence}: expected some of ${Object.keys(options).map(flag).join(", ")}`);
  }
}

/** @throws {UsageError} if one of these was given: `why` says where it has no effect */
export function refuse(options: Readonly<Record<string, unknown>>, names: readonly string[], why: string): void {
  const given = names.find((name) => options[name] !== undefined);
  if (given !== undefined) throw new UsageError(`${flag(given)} has no effect ${why}`);
}

/** @throws {UsageError} for what is no number above 0 */
export function positive(name: string, value: string): number {
  const number = Number(value);
  if (!(number > 0 && number < Number.POSITIVE_INFINITY)) {
    throw new UsageError(`${flag(name)} is "${value}": expected a number above 0`);
  }
  return number;
}

/** @throws {UsageError} for what is no whole number above 0 */
export function count(name: string, value: string): number {
  const number = positive(name, value);
  if (!Number.isSafeInteger(number)) throw new UsageError(`${flag(name)} is "${value}": expected a whole number`);
  return number;
}

/** @throws {UsageError} for what is none of them */
export function oneOf<const T extends string>(name: string, value: string, known: readonly T[]): T {
  const found = known.find((one) => one === value);
  if (found === undefined) throw new UsageError(`${flag(name)} is "${value}": expected ${known.join(" or ")}`);
  return found;
}

/**
 * Those that a list with commas names, in its order; all if there is no list.
 *
 * @throws {UsageError} for a name that none has
 */
export function chosen<T extends { readonly name: string }>(
  option: string,
  names: string | undefined,
  all: readonly T[],
): readonly T[] {
  if (names === undefined) return all;
  return names.split(",").map((name) => {
    const found = all.find((one) => one.name === name);
    if (found !== undefined) return found;
    throw new UsageError(`${flag(option)} names "${name}": expected some of ${all.map(({ name }) => name).join(", ")}`);
  });
}

/** Their names for a help text, in lines of at most 80 columns. */
export function listed(all: readonly { readonly name: string }[]): string {
  const lines = [" "];
  for (const { name } of all) {
    const line = `${lines.at(-1)} ${name}`;
    if (line.length <= 80) lines[lines.length - 1] = line;
    else lines.push(`  ${name}`);
  }
  return lines.join("\n");
}

const flag = (name: string) => `--${name}`;
