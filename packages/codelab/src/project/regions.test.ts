import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRegions, regionsOf, textAt } from "./regions.js";

const SOURCE = `before
  // #region step-02
  //? Do this,
  //? and that.
  two
  // #region step-04 was step-02
  four
  // #endregion
  // #endregion
after`;
const answers = { earlier: (was: number, until: number) => `from ${was} until ${until}\n` };
const at = (step: number) => textAt(parseRegions(SOURCE), step, answers);

test("before its step a region is its task, as a comment", () => {
  assert.equal(at(1), "before\n  // Step 2: Do this,\n  //   and that.\nafter");
});

test("from its step on a region is its content, and what is replaced later stands there until then", () => {
  assert.equal(at(2), "before\n  two\nfrom 2 until 4\nafter");
  assert.equal(at(3), at(2));
  assert.equal(at(4), "before\n  two\n  four\nafter");
});

test("a step's regions are its own and those that it writes for a time, outermost first", () => {
  const steps = regionsOf(parseRegions(SOURCE), 2).map(({ step, was }) => [step, was]);
  assert.deepEqual(steps, [
    [2, undefined],
    [4, 2],
  ]);
});

test("something else may stand in a region", () => {
  const instead = ({ step }: { step: number }) => (step === 2 ? "mine" : undefined);
  assert.equal(textAt(parseRegions(SOURCE), 4, { ...answers, instead }), "before\nmine\nafter");
});

test("comments of YAML mark regions too", () => {
  assert.equal(
    textAt(parseRegions("# #region step-03\n#? Add it.\na: b\n# #endregion"), 0, answers),
    "# Step 3: Add it.",
  );
});

test("regions that do not close are refused", () => {
  assert.throws(() => parseRegions("// #region step-01\nx"), SyntaxError);
  assert.throws(() => parseRegions("// #endregion"), SyntaxError);
});
