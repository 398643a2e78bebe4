// npm run size: what a page loads to call one service, ours beside Connect-Web's, and the table of it in docs/clients.md.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { ensureBuilt } from "./build.js";
import { onlyChecks } from "./command-line.js";
import { root, script } from "./step.js";

const START = "<!-- sizes: written by scripts/size.js -->";
const END = "<!-- end -->";
const SERVICE = 'import { RouteGuide } from "routeguide/contract";';

/** Each page, by what the table calls it. */
const PAGES = {
  "RouteGuide over `fetchTransport()`": `
    import { createClient } from "@routeguide/grpc";
    import { fetchTransport } from "@routeguide/grpc/web";
    globalThis.client = createClient(RouteGuide, fetchTransport({ baseUrl: "/" }));`,
  "the same in JSON": `
    import { createClient, jsonFormat } from "@routeguide/grpc";
    import { fetchTransport } from "@routeguide/grpc/web";
    globalThis.client = createClient(RouteGuide, fetchTransport({ baseUrl: "/" }), { format: jsonFormat() });`,
  "the same over `webSocketTransport()`": `
    import { createClient } from "@routeguide/grpc";
    import { webSocketTransport } from "@routeguide/grpc/web";
    globalThis.client = createClient(RouteGuide, webSocketTransport({ url: "wss://example.com" }));`,
  "the same over Connect-Web 2.1.2, which always has JSON": `
    import { createClient } from "@connectrpc/connect";
    import { createConnectTransport } from "@connectrpc/connect-web";
    globalThis.client = createClient(RouteGuide, createConnectTransport({ baseUrl: "/" }));`,
  "of each, protobuf-es and the generated contract": `
    import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
    globalThis.client = [RouteGuide, create, fromBinary, toBinary];`,
};

/** What only servers and Node need. */
const NOT_FOR_PAGES =
  /packages\/grpc\/dist\/src\/(server\/|services\/|h2\/(connection|frame|hpack\/(en|de)coder)|.*\/node-)/;

await script(async () => {
  const isCheck = onlyChecks("npm run size", "Measures what a page loads, and writes the table in docs/clients.md");
  await ensureBuilt();
  const rows = [];
  for (const [title, code] of Object.entries(PAGES)) rows.push([title, ...(await sizesOf(code))]);
  const table = ["| kB | minified | gzip | brotli |", "|---|---:|---:|---:|", ...rows.map(rowOf)].join("\n");
  console.log(table);
  const file = join(root, "docs/clients.md");
  const before = readFileSync(file, "utf8");
  const [head, rest = ""] = before.split(START);
  const [written = "", ...tail] = rest.split(END);
  if (isCheck) {
    if (!isSame(written, table)) throw new Error("docs/clients.md does not say these sizes: run npm run size");
    console.log("docs/clients.md: current");
  } else {
    writeFileSync(file, `${head}${START}\n${table}\n${END}${tail.join(END)}`);
  }
});

/** @param {string} code */
async function sizesOf(code) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: SERVICE + code, resolveDir: root, loader: "js" },
    nodePaths: [join(root, "packages/grpc/node_modules")],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
    metafile: true,
  });
  const [{ contents } = { contents: new Uint8Array() }] = outputFiles;
  const [output] = Object.values(metafile.outputs);
  for (const [input, { bytesInOutput }] of Object.entries(output?.inputs ?? {})) {
    if (bytesInOutput > 0 && NOT_FOR_PAGES.test(input))
      throw new Error(`${input} is in a page: it is none of its business`);
  }
  return [contents.length, gzipSync(contents, { level: 9 }).length, brotliCompressSync(contents).length];
}

/** @param {(string | number)[]} row */
function rowOf([title, ...bytes]) {
  return `| ${title} | ${bytes.map((count) => (Number(count) / 1000).toFixed(1)).join(" | ")} |`;
}

/**
 * Whether two tables say the same. Compressors of other versions of Node differ by a few bytes.
 *
 * @param {string} one
 * @param {string} other
 */
function isSame(one, other) {
  const [those, these] = [one, other].map((table) => table.match(/\d+\.\d(?= \|)/g)?.map(Number) ?? []);
  const words = (/** @type {string} */ table) => table.replace(/\d+\.\d(?= \|)/g, "").trim();
  if (words(one) !== words(other) || those === undefined || those.length !== these?.length) return false;
  return those.every((value, i) => Math.abs(value - (these[i] ?? 0)) < 0.25);
}
