// What step 16 of the codelab has a learner try, with the solution of all steps in the learner's place: the lines of its text, as they
// stand there but for the port.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { treeAt } from "../../../packages/codelab/dist/src/project/tree.js";
import { writeProject } from "../../../packages/codelab/dist/src/project/write-tree.js";
import { root } from "../../step.js";
import { succeed, whileRunning, whileServing } from "../run.js";
import { goProgram } from "../tools.js";
import { callWithGoClient } from "./go-tutorial.js";

const STEP = 16;
const TEXT = join(root, "packages/codelab/steps/16_debugging/step.md");
/** Where the text has the learner's server, and the real one. */
const OWN = "127.0.0.1:50051";
const REAL = "127.0.0.1:50052";

/** The lines of the text that call this program, those that they go on in too. */
const linesWith = (/** @type {string} */ words) => {
  const scripts = readFileSync(TEXT, "utf8").match(/(?<=^```sh\n).*?(?=^```$)/gms) ?? [];
  const lines = scripts.flatMap((script) => script.split(/(?<!\\)\n/)).filter((line) => line.includes(words));
  assert.ok(lines.length > 0, `step ${STEP} does not say ${words} any more`);
  return lines;
};

/**
 * Uses the solution as a learner has it: generated and compiled by its own scripts. Its folder lies below the package, whose
 * node_modules serve it.
 *
 * @param {(project: string) => Promise<void>} use
 */
async function withSolution(use) {
  const cache = join(root, "packages/codelab/.cache");
  mkdirSync(cache, { recursive: true });
  const project = mkdtempSync(join(cache, "interop-"));
  try {
    writeProject(project, treeAt(STEP));
    for (const name of ["generate", "build"]) await succeed("npm", ["run", name], { cwd: project });
    await use(project);
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

/** @param {(address: string, project: string) => Promise<void>} use */
const whileSolutionServes = (use) =>
  withSolution((project) =>
    whileRunning(
      process.execPath,
      ["dist/server.js"],
      /listens on (\S+:\d+)/,
      ([, address = ""]) => use(address, project),
      { cwd: project, env: { ...process.env, PORT: "0" } },
    ),
  );

export async function askSolutionWithGrpcurl() {
  const folder = dirname(await goProgram("grpcurl"));
  const env = { ...process.env, PATH: [folder, process.env["PATH"]].join(delimiter) };
  await whileSolutionServes(async (address) => {
    const script = linesWith("grpcurl -plaintext").join("\n").replaceAll(OWN, address);
    const { stdout } = await succeed("sh", ["-ec", script], { env });
    assert.match(stdout, /^routeguide\.RouteGuide$/m);
    assert.match(
      stdout,
      /rpc RouteChat \( stream \.routeguide\.RouteNote \) returns \( stream \.routeguide\.RouteNote \);/,
    );
    assert.match(stdout, /"name": "Patriots Path, Mendham, NJ 07945, USA"/);
  });
}

export async function callSolutionWithGoClient() {
  // The text fetches and builds it: here it is built once, in a version that is known.
  assert.match(linesWith("go run").join("\n"), /^go run \.\/route_guide\/client -addr localhost:50051$/);
  await whileSolutionServes((address) =>
    callWithGoClient(
      { address },
      { name: "Berkshire Valley Management Area Trail, Jefferson, NJ, USA", features: 100 },
    ),
  );
}

export async function callRealServerWithSolution() {
  assert.deepEqual(linesWith("npx routeguide"), [`npx routeguide serve --listen ${REAL} --places places.json`]);
  await withSolution((project) =>
    whileServing(["--places", join(project, "places.json")], async ({ address }) => {
      const script = linesWith("npm run client").join("\n").replaceAll(REAL, address);
      const { stdout } = await succeed("sh", ["-ec", script], { cwd: project });
      assert.match(stdout, /^Patriots Path, Mendham, NJ 07945, USA$/m);
      assert.match(stdout, /^3 points, \d features, \d+ m$/m);
      assert.match(stdout, /^Somebody says: It is gone$/m);
    }),
  );
}
