import assert from "node:assert/strict";
import { test } from "node:test";
import { renewSnippets } from "./snippets.js";

const SOLVED = new Map([
  ["a.ts", "const x = 1;\n  function f() {\n    if (x) {\n      g();\n    }\n  }\n  after();\n"],
]);

test("a block is cut up to where it closes, and moved to the left", () => {
  const text = renewSnippets("<!-- cut: a.ts: function f() { -->\n\nafter", SOLVED);
  assert.equal(
    text,
    "<!-- cut: a.ts: function f() { -->\n```ts\nfunction f() {\n  if (x) {\n    g();\n  }\n}\n```\n\nafter",
  );
});

test("what was cut before is renewed, and stays where nothing has changed", () => {
  const text = renewSnippets("<!-- cut: a.ts: const x -->\n```ts\nconst x = 0;\n```\n\nafter", SOLVED);
  assert.equal(text, "<!-- cut: a.ts: const x -->\n```ts\nconst x = 1;\n```\n\nafter");
  assert.equal(renewSnippets(text, SOLVED), text);
});

test("a text cannot cut what does not exist", () => {
  assert.throws(() => renewSnippets("<!-- cut: a.ts: nothing -->\n", SOLVED), /no line that begins with nothing/);
  assert.throws(() => renewSnippets("<!-- cut: b.ts: x -->\n", SOLVED), /does not exist/);
});
