/** What errors say of values that somebody gave. Nothing in here throws, whatever the value: it may have no prototype, or traps. */

/** Characters of a text that a message repeats. */
const MOST_CHARACTERS = 40;

/** A value as the text of an error names it: "two" in quotes, NaN, 5n, a function, an array, a Promise. */
export function shown(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value.length > MOST_CHARACTERS ? `${value.slice(0, MOST_CHARACTERS)}...` : value);
    case "bigint":
      return `${value}n`;
    case "function":
      return "a function";
    case "object":
      return value === null ? "null" : shownObject(value);
    default:
      return String(value);
  }
}

/** The text of whatever was thrown: the message of an error, or the value itself. */
export function reasonOf(thrown: unknown): string {
  try {
    if (thrown instanceof Error) return String(thrown.message);
  } catch {
    // A trap, or a message that has no text.
  }
  return typeof thrown === "string" ? thrown : shown(thrown);
}

function shownObject(value: object): string {
  try {
    if ("$typeName" in value) return `a message of type ${String(value.$typeName)}`;
    const name = Object.prototype.toString.call(value).slice("[object ".length, -1);
    return /^[AEIO]/.test(name) ? `an ${lowerKind(name)}` : `a ${lowerKind(name)}`;
  } catch {
    return "an object";
  }
}

const lowerKind = (name: string) => (name === "Object" || name === "Array" ? name.toLowerCase() : name);
