/** What checks in a page are made of. */

/** Where the server under test is, as a page sees it. */
export interface Place {
  /** "http://127.0.0.1:50051" */
  readonly baseUrl: string;
  /** Places that the server knows. */
  readonly placeCount: number;
  /** Whether the page may call the server. */
  readonly isAllowed: boolean;
}

export interface Check {
  /** A sentence about what works. */
  readonly title: string;
  run(place: Place): Promise<void>;
}

/** A way in which a client can call, and what holds of it. */
export type Way<Caller> = readonly [name: string, open: (place: Place) => Caller, checks: Checks<Caller>];

/** What a client can do, by sentences about it. */
export type Checks<Caller> = Readonly<Record<string, (caller: Caller, place: Place) => Promise<void>>>;

/** One check for each way and each thing that holds of it. */
export const checksOf = <Caller>(client: string, ways: readonly Way<Caller>[]): Check[] =>
  ways.flatMap(([name, open, checks]) =>
    Object.entries(checks).map(([title, run]) => ({
      title: `${client}, ${name}: ${title}`,
      run: (place: Place) => run(open(place), place),
    })),
  );

/** The same where the page may not call: each way is refused. */
export const refusalsOf = <Caller>(
  client: string,
  ways: readonly Way<Caller>[],
  call: (caller: Caller, place: Place) => Promise<unknown>,
): Check[] => {
  const refused: Checks<Caller> = { "is refused": (caller, place) => endsBadly(call(caller, place)) };
  return checksOf(
    client,
    ways.map(([name, open]) => [name, open, refused]),
  );
};

async function endsBadly(call: Promise<unknown>): Promise<void> {
  const error: unknown = await call.catch((reason: unknown) => reason);
  holds(error instanceof Error, "the call ended well");
}

export interface Outcome {
  readonly title: string;
  /** Undefined: it passed. */
  readonly failure: string | undefined;
}

/** How long a check may take. */
const PATIENCE_MS = 60_000;

export async function runCheck({ title, run }: Check, place: Place): Promise<Outcome> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${PATIENCE_MS} ms`)), PATIENCE_MS);
  });
  try {
    await Promise.race([run(place), late]);
    return { title, failure: undefined };
  } catch (error) {
    return { title, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  } finally {
    clearTimeout(timer);
  }
}

export function equal(actual: unknown, expected: unknown, what = "value"): void {
  const [a, e] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== e) throw new Error(`${what} is ${a}, expected ${e}`);
}

export function holds(condition: boolean, otherwise: string): void {
  if (!condition) throw new Error(otherwise);
}

/** The error that a call ends with, which must have this code. */
export async function fails(call: Promise<unknown>, code: number): Promise<Error & { readonly code: number }> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error("the call ended well");
  const actual = (error as Error & { code?: unknown }).code;
  if (actual !== code) throw new Error(`code is ${actual}, expected ${code}: ${error.message}`);
  return error as Error & { code: number };
}

export async function collect<T>(messages: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const message of messages) collected.push(message);
  return collected;
}

/** Codes of gRPC. */
export const INVALID_ARGUMENT = 3;
export const CANCELLED = 1;
export const DEADLINE_EXCEEDED = 4;
export const UNIMPLEMENTED = 12;
export const UNAVAILABLE = 14;
