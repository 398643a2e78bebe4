import { Code, codeName } from "../call/code.js";

/** The name of a code in Connect: "invalid_argument". Connect spells CANCELLED with one l. */
export function connectCodeName(code: Code): string {
  return code === Code.Canceled ? "canceled" : codeName(code).toLowerCase();
}

const CODES = new Map<string, Code>();
for (let code = Code.Canceled; code <= Code.Unauthenticated; code++) CODES.set(connectCodeName(code), code);

/** The code of this name; undefined if Connect has none. */
export function connectCodeOf(name: unknown): Code | undefined {
  return typeof name === "string" ? CODES.get(name) : undefined;
}
