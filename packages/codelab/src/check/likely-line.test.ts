import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { likelyLine } from "./likely-line.js";
import type { MissDetails } from "./miss.js";

/** The number of the line that is named of a server.ts with these. */
function lineIn(lines: readonly string[], details: MissDetails): number | undefined {
  const project = mkdtempSync(join(tmpdir(), "routeguide-line-"));
  try {
    writeFileSync(join(project, "server.ts"), lines.join("\n"));
    return likelyLine(project, details)?.line;
  } finally {
    rmSync(project, { recursive: true });
  }
}

const LISTEN = { file: "server.ts", line: /listen|Step 4:/ };

test("a line of code is named rather than what is imported, or the comment of the task", () => {
  const lines = [
    'import { listen } from "@routeguide/grpc/node";',
    "// Step 4: listen",
    "  * listen",
    "await listen();",
  ];
  assert.equal(lineIn(lines, { at: LISTEN }), 4);
});

test("where nothing is solved yet, the task is named", () => {
  assert.equal(lineIn(["const port = 1;", "// Step 4: let it"], { at: LISTEN }), 2);
});

test("what a stack trace names comes first, if it is the learner's", () => {
  const printed = ["Error: no", "    at ours (/lab/other.ts:1:1)", "    at run (/project/server.ts:1:7)"].join("\n");
  assert.equal(lineIn(["throw new Error();", "listen();"], { printed, at: LISTEN }), 1);
});

test("without a file to look into no line is named", () => {
  assert.equal(lineIn([], { at: { file: "client.ts", line: 1 } }), undefined);
});
