// npm test: see USAGE. Tests in *.test.ts share one process; those in *.proc.test.ts, which spawn, crash or measure, get one each.
// Tests in *.browser.test.ts need Chromium: they run only when asked for by name. Those in *.cluster.test.ts are of npm run cluster.
import { setMaxListeners } from "node:events";
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { run } from "node:test";
import { ensureBuilt } from "./build.js";
import { commandLine, refuse } from "./command-line.js";
import { root, script } from "./step.js";
import { Tally } from "./test-report.js";

/** Bounds on what hangs, far beyond what any file takes on a busy machine: one with a process of its own, and all others together. */
const FILE_TIMEOUT_MS = 300_000;
const SHARED_TIMEOUT_MS = 900_000;
const RUN_TIMEOUT_MS = 1_800_000;
/** Where an earlier compilation may have left files whose source is gone. */
const FOLDERS = ["packages/grpc", "packages/routeguide", "packages/codelab", "bench", "examples"];
/** Folders whose tests are not ours: those of packages, and those that a learner of the codelab writes. */
const OTHERS = ["node_modules", "completed", "start_here", ".cache"];

const USAGE = `Usage: npm test [-- [--engine own|node] [NAME ...]]
Installs and builds what is missing, then runs every test that needs nothing else. With names, only test files whose path contains one
of them. With --engine, the commands that tests run speak HTTP/2 by that engine.`;

await script(async () => {
  const { values, names } = commandLine(USAGE, { options: { engine: { type: "string" } }, names: "any" });
  const { engine } = values;
  if (engine !== undefined && !["own", "node"].includes(engine)) refuse(`There is no engine "${engine}"`, USAGE);
  if (engine !== undefined) process.env["ROUTEGUIDE_ENGINE"] = engine;
  await ensureBuilt();
  const hasNats = process.env["ROUTEGUIDE_NATS_SERVER"] !== undefined;
  const files = testFiles().filter((file) => hasNats || !file.endsWith(".cluster.test.js"));
  const wanted = files.filter(
    (file) =>
      names.some((name) => relative(root, file).includes(name)) ||
      (names.length === 0 && !file.endsWith(".browser.test.js")),
  );
  const own = wanted.filter((file) => /\.(proc|browser|cluster)\.test\.js$/.test(file));
  const shared = wanted.filter((file) => !own.includes(file));
  const tally = new Tally();
  const signal = AbortSignal.timeout(RUN_TIMEOUT_MS);
  // The runner listens once a file.
  setMaxListeners(0, signal);
  if (shared.length > 0) {
    process.env["ROUTEGUIDE_TEST_FILES"] = JSON.stringify(shared);
    await tally.follow(
      run({ files: [join(root, "scripts/unit-tests.js")], concurrency: 1, timeout: SHARED_TIMEOUT_MS, signal }),
    );
  }
  if (own.length > 0) await tally.follow(run({ files: own, concurrency: 2, timeout: FILE_TIMEOUT_MS, signal }));
  if (tally.passed + tally.failed === 0) console.error(`No test file matches ${names.join(", ")}`);
  console.log(tally.closingLine());
  process.exitCode = tally.failed === 0 && tally.passed > 0 ? 0 : 1;
});

/** Compiled tests that still have a source, as absolute paths. */
function testFiles() {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".test.ts") && !path.split(/[\\/]/).some((folder) => OTHERS.includes(folder)))
      .map((path) => join(root, folder, "dist", compiledPath(folder, path))),
  ).sort();
}

/**
 * bench and examples compile src/ to dist/, the packages compile src/ to dist/src/; web/ compiles to dist/page/, beside dist/web/,
 * which is what the server sends.
 *
 * @param {string} folder
 * @param {string} path
 */
function compiledPath(folder, path) {
  const compiled = path.replace(/\.ts$/, ".js").replace(/^web\b/, "page");
  return folder === "bench" || folder === "examples" ? relative("src", compiled) : compiled;
}
