// npm run test:nodes: `npm test` with other versions of Node. Their binaries come from npm, without scripts, into a folder outside of the
// workspace: here, npm scripts would run them.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { ensureBuilt } from "./build.js";
import { commandLine } from "./command-line.js";
import { root, script, step } from "./step.js";

/** The oldest version that package.json's "engines" allows, and of each later line the one that the tests were last run with. */
const VERSIONS = { 20: "20.19.0", 22: "22.23.3", 24: "24.21.0", 26: "26.10.0" };

const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "routeguide/nodes");
const CLOSING_LINE = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/m;

await script(async () => {
  const usage = `Usage: npm run test:nodes [-- MAJOR ...]\nRuns npm test with each of Node ${Object.values(VERSIONS).join(", ")}, or some.`;
  const { names: majors } = commandLine(usage, { names: Object.keys(VERSIONS) });
  const wanted = Object.entries(VERSIONS).filter(([major]) => majors.length === 0 || majors.includes(major));
  await install();
  await ensureBuilt();
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const [major, version] of wanted) {
    const counts = await test(join(cache, `node_modules/node${major}/bin/node`));
    console.log(`Node ${version}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
  }
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  process.exitCode = total.failed === 0 ? 0 : 1;
});

/** Installs what is missing. npm knows itself what is there. */
async function install() {
  const alias = `npm:node-${process.platform}-${process.arch}`;
  const dependencies = Object.fromEntries(
    Object.entries(VERSIONS).map(([major, version]) => [`node${major}`, `${alias}@${version}`]),
  );
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, "package.json"), JSON.stringify({ private: true, dependencies }));
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund"];
  await step("Installing other versions of Node", "npm", ["install", ...flags], { cwd: cache });
}

/**
 * Runs all tests. What fails is printed by them.
 *
 * @param {string} node
 */
async function test(node) {
  const child = spawn(node, [join(root, "scripts/test.js")], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
  const [code] = await once(child, "close");
  const counts = CLOSING_LINE.exec(output);
  if (code !== 0 || counts === null) process.stdout.write(output);
  const [passed = 0, failed = 0, skipped = 0] = (counts ?? []).slice(1).map((count) => Number(count ?? 0));
  // Tests that do not end, or say that nothing failed and fail, are one failure.
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed, skipped };
}
