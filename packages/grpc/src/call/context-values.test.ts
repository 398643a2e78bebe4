import assert from "node:assert/strict";
import { test } from "node:test";
import { createContextKey, createContextValues } from "./context-values.js";

test("a key has its default until it is set, and again once it is deleted", () => {
  const key = createContextKey(5, { description: "number" });
  const values = createContextValues();
  assert.equal(values.get(key), 5);
  assert.equal(values.set(key, 6).get(key), 6);
  assert.equal(values.delete(key).get(key), 5);
});

test("undefined is a value", () => {
  const key = createContextKey<number | undefined>(5);
  assert.equal(createContextValues().set(key, undefined).get(key), undefined);
});

test("keys of the same description are different, and values of different calls too", () => {
  const [a, b] = [createContextKey("a", { description: "same" }), createContextKey("b", { description: "same" })];
  const values = createContextValues().set(a, "set");
  assert.equal(values.get(b), "b");
  assert.equal(createContextValues().get(a), "a");
});
