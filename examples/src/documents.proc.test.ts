/** The TypeScript of the documents compiles, and what is a whole program runs against the service. */
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { loadConfig, startServer } from "routeguide";
import { blocksOf, documents, moduleOf, root } from "./shared/documents.js";

/** Inside of a package, so that imports are resolved as in one. */
const FOLDER = join(root, "examples/dist/documents");
const CONFIG = {
  extends: join(root, "tsconfig.base.json"),
  compilerOptions: {
    composite: false,
    declaration: false,
    declarationMap: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
    skipLibCheck: true,
    lib: ["es2023", "esnext.disposable", "dom"],
    types: ["node"],
    rootDir: ".",
    outDir: "out",
  },
  include: ["*.ts"],
};
/** Where the documents' clients expect a server. */
const SERVED = "http://127.0.0.1:50051";

const modules = documents().flatMap((document) =>
  blocksOf(document).map((block) => {
    const place = `${document.path}:${block.line}`;
    const name = place.replace(/[^\w]/g, "_");
    // What disposes of all that it opens ends by itself.
    return { place, name, code: moduleOf(block), isProgram: /^await using /m.test(block.code) };
  }),
);

test("every block of TypeScript compiles", () => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const { name, code } of modules) writeFileSync(join(FOLDER, `${name}.ts`), `${code}\nexport {};\n`);
  writeFileSync(join(FOLDER, "tsconfig.json"), JSON.stringify(CONFIG));
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const { stdout } = spawnSync(process.execPath, [compiler, "-p", FOLDER], { encoding: "utf8", cwd: FOLDER });
  assert.equal(stdout, "");
  assert.ok(modules.length > 20);
});

test("every program among them runs to its end", { timeout: 60_000 }, async () => {
  const programs = modules.filter(({ isProgram }) => isProgram);
  assert.ok(programs.length > 3);
  await using server = await startServer(loadConfig({ listen: "127.0.0.1:0", notes: "memory" }));
  for (const { place, name } of programs) {
    const compiled = join(FOLDER, "out", `${name}.js`);
    writeFileSync(compiled, readFileSync(compiled, "utf8").replaceAll(SERVED, server.target));
    await assert.doesNotReject(promisify(execFile)(process.execPath, [compiled]), place);
  }
});
