import { Expected, type Parse } from "./setting.js";

/** Origins of web pages; "*": all. */
export type Origins = readonly string[] | "*";

const expected = new Expected("an origin such as https://app.example.com, without a path, or *");

/** One origin or several, or "*" alone. */
export const origins: Parse<Origins> = (value) => {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (values.length === 1 && values[0] === "*") return "*";
  return values.every(isOrigin) ? Object.freeze([...values]) : expected;
};

function isOrigin(value: unknown): value is string {
  return typeof value === "string" && URL.canParse(value) && new URL(value).origin === value;
}
