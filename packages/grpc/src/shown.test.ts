import assert from "node:assert/strict";
import { test } from "node:test";
import { reasonOf, shown } from "./shown.js";

const trap = (): never => {
  throw new Error("a trap");
};
/** An object that cannot even be looked at. */
const hostile = new Proxy({}, { get: trap, has: trap, getPrototypeOf: trap });

test("a value is shown so that it can be told from others of its kind", () => {
  const cases: [unknown, string][] = [
    ["two", '"two"'],
    ["x".repeat(50), `"${"x".repeat(40)}..."`],
    [Number.NaN, "NaN"],
    [5n, "5n"],
    [undefined, "undefined"],
    [null, "null"],
    [Symbol("s"), "Symbol(s)"],
    [trap, "a function"],
    [[1], "an array"],
    [{}, "an object"],
    [Object.create(null), "an object"],
    [new Map(), "a Map"],
    [Promise.resolve(), "a Promise"],
    [new Uint8Array(2), "a Uint8Array"],
    [new Error("x"), "an Error"],
    [{ $typeName: "a.B" }, "a message of type a.B"],
    [hostile, "an object"],
  ];
  for (const [value, text] of cases) assert.equal(shown(value), text);
});

test("the reason is an error's message, a text as it is, or whatever else was thrown", () => {
  assert.equal(reasonOf(new TypeError("broken")), "broken");
  assert.equal(reasonOf("broken"), "broken");
  assert.equal(reasonOf(Object.create(null)), "an object");
  assert.equal(reasonOf(undefined), "undefined");
  assert.equal(reasonOf(hostile), "an object");
});
