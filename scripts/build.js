// Generates code from the contract, compiles and bundles the map's page, each if a source is newer than the last build.
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { commandLine } from "./command-line.js";
import { ensureInstalled } from "./install.js";
import { root, script, step } from "./step.js";

/** Where .proto files lie, the template that says what to generate, and where that goes. */
const GENERATED = [
  { cwd: "packages/grpc", from: "proto", template: "buf.gen.yaml", to: "src/gen" },
  { cwd: "packages/grpc", from: "test/proto", template: "test/buf.gen.yaml", to: "test/gen" },
  { cwd: "packages/routeguide", from: "proto", template: "buf.gen.yaml", to: "src/contract/gen" },
  { cwd: "packages/codelab", from: "completed/routeguide", template: "buf.gen.yaml", to: "src/gen" },
];
const SOURCES = ["packages", "bench", "examples", "tsconfig.base.json", "tsconfig.json"];
/** When the last build began. */
const stamp = join(root, "packages/routeguide/dist/.built");
/** When the last bundling of the page began. */
const pageStamp = join(root, "packages/routeguide/dist/.bundled");
const PAGE_SOURCES = [
  "packages/routeguide/web",
  "packages/routeguide/proto",
  "packages/routeguide/src/contract.ts",
  "packages/grpc/src",
  "package-lock.json",
  "scripts/build-web.js",
  "scripts/web",
];
/** Folders that a build does not look into: what others made, what it makes itself, and what comes and goes. */
const NO_SOURCES = ["node_modules", "dist", "data", ".cache"];
/** What a build makes: without one of them it is stale, whatever the stamp says. */
const OUTPUTS = [
  "packages/grpc/dist",
  "packages/routeguide/dist",
  "packages/codelab/dist",
  "bench/dist",
  "examples/dist",
];

export async function ensureBuilt() {
  await ensureInstalled();
  await generate();
  const sources = newest(
    SOURCES.map((path) => join(root, path)),
    isSource,
  );
  if (sources > timeOf(stamp) || !OUTPUTS.every((path) => existsSync(join(root, path)))) {
    const started = new Date();
    await step("Compiling", process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-b"]);
    mark(stamp, started);
  }
  await bundlePage();
}

/** Makes the map's page anew, if it or what it calls the server with is newer. */
async function bundlePage() {
  const inputs = newest(
    PAGE_SOURCES.map((path) => join(root, path)),
    () => true,
  );
  if (inputs <= timeOf(pageStamp)) return;
  const started = new Date();
  await step("Bundling the map's page", process.execPath, [join(root, "scripts/build-web.js")]);
  mark(pageStamp, started);
}

/** Runs buf for each folder of .proto files that is newer than what was generated from it. Works without a network. */
async function generate() {
  for (const { cwd, from, template, to } of GENERATED) {
    const folder = join(root, cwd);
    const inputs = newest([join(folder, from), join(folder, template)], () => true);
    const generated = join(folder, to, ".generated");
    if (inputs <= timeOf(generated)) continue;
    const started = new Date();
    await step(
      `Generating code from ${cwd}/${from}`,
      process.execPath,
      [bufCommand(), "generate", "--template", template],
      {
        cwd: folder,
        env: { ...process.env, PATH: `${join(root, "node_modules/.bin")}${delimiter}${process.env["PATH"] ?? ""}` },
      },
    );
    mark(generated, started);
  }
}

/**
 * Leaves a file that says when something was made: what has changed since is newer.
 *
 * @param {string} path
 * @param {Date} started
 */
function mark(path, started) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, "");
  utimesSync(path, started, started);
}

const bufCommand = () => join(root, "node_modules/@bufbuild/buf/bin/buf");

/** @param {string} path */
const isSource = (path) => /\.(ts|json)$/.test(path);

/** @param {string} path */
const timeOf = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

/**
 * The latest change below any of the paths, in milliseconds.
 *
 * @param {readonly string[]} paths
 * @param {(path: string) => boolean} counts
 * @returns {number}
 */
function newest(paths, counts) {
  return Math.max(
    0,
    ...paths
      .flatMap((path) => filesBelow(path))
      .filter(counts)
      .map(timeOf),
  );
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function filesBelow(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter(({ name }) => !NO_SOURCES.includes(name))
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(join(path, entry.name)) : [join(path, entry.name)]));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  commandLine(
    "Usage: npm run build\nInstalls what is missing, generates code from the contracts, and compiles what has changed.",
  );
  await script(ensureBuilt);
}
