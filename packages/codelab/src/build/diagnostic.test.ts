import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDiagnostics } from "./diagnostic.js";

test("what tsc and buf print is read alike", () => {
  const printed = `service.ts(12,5): error TS2345: Argument of type 'a' is not assignable.
  Type 'a' is longer.
routeguide/route_guide.proto:8:3:syntax error: unexpected '}'
Failure: it did not work`;
  assert.deepEqual(parseDiagnostics(printed), [
    { file: "service.ts", line: 12, text: "TS2345: Argument of type 'a' is not assignable." },
    { file: "routeguide/route_guide.proto", line: 8, text: "syntax error: unexpected '}'" },
  ]);
});
