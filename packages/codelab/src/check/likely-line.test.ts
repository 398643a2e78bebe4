import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { likelyLine } from "./likely-line.js";
import type { MissDetails } from "./miss.js";

/** The number of the line that is named of a server.ts with these. */
function lineIn(lines: readonly string[], { printed, ...details }: MissDetails): number | undefined {
  const project = mkdtempSync(join(tmpdir(), "routeguide (line)-"));
  try {
    writeFileSync(join(project, "server.ts"), lines.join("\n"));
    const stack = printed?.replaceAll("/project", realpathSync(project)) ?? "";
    return likelyLine(project, { ...details, printed: stack })?.line;
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
  const lines = ["throw new Error();", "await listen();", "later();"];
  for (const [frame, line] of [
    ["run (/project/server.ts:1:7)", 1],
    ["async Object.run (file:///project/server.ts:3:1)", 3],
    ["/project/server.ts:1:7", 1],
    ["async /project/server.ts:3:1", 3],
    ["run (/project/node_modules/@routeguide/grpc/src/server/server.ts:1:7)", 2],
    ["run (/project/service.ts:1:7)", 2],
  ] as const) {
    const printed = `Error: no\n    at ours (/lab/server.ts:1:1)\n    at ${frame}\n`;
    assert.equal(lineIn(lines, { printed, at: LISTEN }), line, frame);
  }
});

test("without a file to look into no line is named", () => {
  assert.equal(lineIn([], { at: { file: "client.ts", line: 1 } }), undefined);
});
