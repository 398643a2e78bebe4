// Builds the page that `routeguide serve` shows, into packages/routeguide/dist/web: flat, minified, each file with .br and .gz beside
// it where these are smaller.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { build } from "esbuild";
import { root, script } from "./step.js";
import { makeWorld } from "./web/world.js";

const page = join(root, "packages/routeguide/web");
/** The server sends all that is in there. */
const folder = join(root, "packages/routeguide/dist/web");
const WORKER = "maplibre-gl-worker.mjs";

const compressors = /** @type {const} */ ([
  ["br", promisify(brotliCompress), { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } }],
  ["gz", promisify(gzip), { level: 9 }],
]);

/** What it imports from packages must be compiled. What is as it was is left alone. */
export async function buildWeb() {
  mkdirSync(folder, { recursive: true });
  const made = new Map([
    ...(await bundle()),
    ...copies(),
    ["countries.json", Buffer.from(JSON.stringify(makeWorld()))],
  ]);
  await Promise.all([...made].map(([name, bytes]) => write(name, bytes)));
  for (const name of readdirSync(folder)) {
    if (!made.has(name.replace(/\.(br|gz)$/, ""))) rmSync(join(folder, name));
  }
}

/** @returns {Promise<[name: string, bytes: Uint8Array][]>} */
async function bundle() {
  const { outputFiles } = await build({
    entryPoints: [join(page, "page.ts"), join(page, "page.css")],
    outdir: folder,
    write: false,
    bundle: true,
    // What draws the map is loaded only where it can be drawn.
    splitting: true,
    format: "esm",
    chunkNames: "[name]-[hash]",
    minify: true,
    legalComments: "eof",
    platform: "browser",
    target: "es2022",
    logLevel: "warning",
  });
  return outputFiles.map(({ path, contents }) => [basename(path), contents]);
}

/** @returns {[name: string, bytes: Uint8Array][]} */
function copies() {
  const index = readFileSync(join(page, "index.html"), "utf8");
  const others = index.replace(/ *<span id="places-source">.*?<\/span>\n/s, "");
  if (others === index) throw new Error("index.html does not say where the places come from");
  // The worker's map of sources is not there to be found.
  const maplibre = join(root, "node_modules/maplibre-gl");
  const worker = readFileSync(join(maplibre, "dist", WORKER), "utf8");
  return [
    ["index.html", Buffer.from(index)],
    // For servers of other places than those that ship with them.
    ["other-places.html", Buffer.from(others)],
    ["icon.svg", readFileSync(join(page, "icon.svg"))],
    // Whoever passes MapLibre on passes this on.
    ["maplibre-gl-license.txt", readFileSync(join(maplibre, "LICENSE.txt"))],
    [WORKER, Buffer.from(worker.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"))],
  ];
}

/**
 * @param {string} name
 * @param {Uint8Array} bytes
 */
async function write(name, bytes) {
  const path = join(folder, name);
  if (existsSync(path) && readFileSync(path).equals(bytes)) return;
  for (const [suffix, compress, options] of compressors) {
    const smaller = await compress(bytes, options);
    if (smaller.length < bytes.length) writeFileSync(`${path}.${suffix}`, smaller);
    else rmSync(`${path}.${suffix}`, { force: true });
  }
  // Last: without it the others are nothing, and it is what is compared.
  writeFileSync(path, bytes);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await script(buildWeb);
