import assert from "node:assert/strict";
import { test } from "node:test";
import {
  A_FUNCTION,
  checkOptions,
  type Expectations,
  either,
  listOf,
  numberFrom,
  oneOf,
  withMethods,
} from "./options.js";

interface Options {
  readonly engine?: string;
  readonly onError?: () => void;
  readonly leastMs?: number;
  readonly steps?: readonly (() => void)[];
  readonly source?: object;
}

const EXPECTED: Expectations<Options> = {
  engine: oneOf("own", "node"),
  onError: A_FUNCTION,
  leastMs: numberFrom(0),
  steps: listOf(A_FUNCTION, "functions"),
  source: either(withMethods("something to read", "read"), A_FUNCTION),
};

const check = (options: unknown) => () => checkOptions("make()", options as Options, EXPECTED);

test("options that are as expected, or undefined, pass", () => {
  check({})();
  check({ engine: "node", onError() {}, leastMs: 0, steps: [() => {}], source: { read() {} } })();
  check({ engine: undefined, steps: [] })();
  check(Object.assign(Object.create(null), { leastMs: 5 }))();
});

test("a name that is none is refused, with the one that was meant", () => {
  assert.throws(check({ engin: "own" }), {
    name: "TypeError",
    message: 'make() has no option "engin": did you mean engine?',
  });
  assert.throws(check({ onerror() {} }), /did you mean onError\?/);
  assert.throws(check({ timeout: 5 }), { message: 'make() has no option "timeout"' });
  assert.throws(check({ constructor: 5 }), { message: 'make() has no option "constructor"' });
});

test("a value that is not as expected is refused, with what it is and what is expected", () => {
  assert.throws(check({ engine: "native" }), {
    name: "TypeError",
    message: 'engine is "native": expected "own" or "node"',
  });
  assert.throws(check({ leastMs: Number.NaN }), {
    name: "RangeError",
    message: "leastMs is NaN: expected a number of at least 0",
  });
  assert.throws(check({ leastMs: "5" }), {
    name: "TypeError",
    message: 'leastMs is "5": expected a number of at least 0',
  });
  assert.throws(check({ steps: () => {} }), { message: "steps is a function: expected an array of functions" });
  assert.throws(check({ steps: [undefined] }), { message: "steps is an array: expected an array of functions" });
  assert.throws(check({ source: null }), { message: "source is null: expected something to read or a function" });
  assert.throws(check({ onError: Symbol("s") }), { message: "onError is Symbol(s): expected a function" });
});

test("what is no object is no options", () => {
  for (const options of [null, 5, "engine"])
    assert.throws(check(options), /make\(\) got .* as its options: expected an object/);
});
