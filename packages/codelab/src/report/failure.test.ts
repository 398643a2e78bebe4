import assert from "node:assert/strict";
import { test } from "node:test";
import { Miss } from "../check/miss.js";
import { reportFailure } from "./failure.js";

const report = (printed: string) =>
  reportFailure(
    { title: "it runs", miss: new Miss("It crashed", { printed }), line: undefined, calls: [], events: [] },
    { columns: 80, color: false },
  );

test("of a crash the error is shown, and the learner's frames, not those of Node and of packages", () => {
  const shown = report(`Error: not today
    at getFeature (/project/service.ts:12:5)
    at run (/project/node_modules/some-package/index.js:1:1)
    at ModuleJob.run (node:internal/modules/esm/module_job:325:25)

Node.js v20.19.0
`);
  assert.match(shown, /Error: not today\n +at getFeature \(\/project\/service\.ts:12:5\)\n/);
  assert.doesNotMatch(shown, /node_modules|node:internal|Node\.js v/);
});

test("of much that was printed the last lines are shown", () => {
  const shown = report(Array.from({ length: 100 }, (_, i) => `line ${i}`).join("\n"));
  assert.match(shown, /printed\n {2}line 88\n/);
  assert.match(shown, / line 99\n/);
});
