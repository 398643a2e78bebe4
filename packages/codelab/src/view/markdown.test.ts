import assert from "node:assert/strict";
import { test } from "node:test";
import { stepFolders } from "../project/tree.js";
import { stepText } from "../text/step-text.js";
import { toHtml } from "./markdown.js";

test("each kind of block becomes its element, and text is escaped", () => {
  const markdown =
    "# A < B\n\none *two* **three** `f<T>()` [four](https://grpc.io)\n\n- a\n- b\n\n| x | y |\n|---|---|\n| 1 | 2 |";
  assert.equal(
    toHtml(markdown),
    [
      "<h2>A &lt; B</h2>",
      '<p>one <em>two</em> <strong>three</strong> <code>f&lt;T&gt;()</code> <a href="https://grpc.io">four</a></p>',
      "<ul><li>a</li><li>b</li></ul>",
      '<table><thead><tr><th scope="col">x</th><th scope="col">y</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>',
    ].join("\n"),
  );
});

test("code keeps its blank lines and its signs", () => {
  assert.equal(toHtml("```ts\na *b*\n\n`c` <d>\n```").trim(), '<pre tabindex="0">a *b*\n\n`c` &lt;d&gt;</pre>');
});

test("no text of a step leaves Markdown behind", () => {
  stepFolders().forEach((_, i) => {
    const { name, markdown } = stepText(i + 1);
    const prose = toHtml(markdown).replace(/<pre.*?<\/pre>|<code>.*?<\/code>/gs, "");
    assert.doesNotMatch(prose, /```|\*\*|^#|<!--/m, name);
  });
});
