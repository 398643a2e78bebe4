/** What `npm publish` would send of each package is whole, and nothing besides. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { root } from "./shared/documents.js";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly description: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly browser?: Readonly<Record<string, string>>;
}

const FOLDERS = ["packages/grpc", "packages/routeguide", "packages/codelab"];
const manifests = FOLDERS.map(
  (folder) => JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Manifest,
);
const npm = process.platform === "win32" ? "npm.cmd" : "npm";

const packing = new Map<string, Promise<ReadonlySet<string>>>();

/** Paths in the package. */
function packed(folder: string): Promise<ReadonlySet<string>> {
  const begun = packing.get(folder) ?? pack(folder);
  packing.set(folder, begun);
  return begun;
}

async function pack(folder: string): Promise<ReadonlySet<string>> {
  const { stdout } = await promisify(execFile)(
    npm,
    ["pack", "--dry-run", "--json", "--ignore-scripts", "--loglevel=error"],
    {
      cwd: join(root, folder),
      maxBuffer: 2 ** 24,
    },
  );
  const [{ files }] = JSON.parse(stdout) as [{ files: readonly { path: string }[] }];
  return new Set(files.map(({ path }) => path));
}

/** Files that others reach by the manifest. */
function entriesOf({ exports = {}, bin = {}, browser = {} }: Manifest): readonly string[] {
  const exported = Object.values(exports).flatMap((to) => (typeof to === "string" ? [to] : Object.values(to)));
  return [...exported, ...Object.values(bin), ...Object.entries(browser).flat()].map((path) => posix.normalize(path));
}

/** Files of the same package that a module imports. */
function importsOf(path: string, text: string): readonly string[] {
  return [...text.matchAll(/^(?:import|export)\b[^"`=();]*"(\.[^"]+)"/gm)].map(([, to = ""]) =>
    posix.join(posix.dirname(path), to),
  );
}

/** What a debugger looks for. */
function mapOf(path: string, text: string): string | undefined {
  const named = /^\/\/# sourceMappingURL=(.+)$/m.exec(text)?.[1];
  return named === undefined ? undefined : posix.join(posix.dirname(path), named);
}

describe("packages", () => {
  for (const [i, manifest] of manifests.entries()) {
    const folder = FOLDERS[i] ?? "";

    test(`${manifest.name} has all that its manifest and its modules refer to`, async () => {
      const files = await packed(folder);
      for (const path of ["LICENSE", "README.md", ...entriesOf(manifest)]) assert.ok(files.has(path), path);
      for (const path of files) {
        if (!path.endsWith(".js")) continue;
        for (const to of importsOf(path, readFileSync(join(root, folder, path), "utf8"))) {
          // The codelab writes modules for learners, which are nowhere here.
          if (existsSync(join(root, folder, to))) assert.ok(files.has(to), `${path} imports ${to}`);
        }
      }
    });

    test(`${manifest.name} has the map that a file names, and the sources that the map names`, async () => {
      const files = await packed(folder);
      for (const path of files) {
        if (!/\.(js|d\.ts)$/.test(path)) continue;
        const map = mapOf(path, readFileSync(join(root, folder, path), "utf8"));
        if (map === undefined) continue;
        assert.ok(files.has(map), `${path} names ${map}`);
        const { sources } = JSON.parse(readFileSync(join(root, folder, map), "utf8")) as { sources: readonly string[] };
        for (const source of sources) {
          const path = posix.join(posix.dirname(map), source);
          // An earlier compilation may have left files here whose source is gone.
          if (existsSync(join(root, folder, path))) assert.ok(files.has(path), `${map} names ${source}`);
        }
      }
    });

    test(`${manifest.name} has neither tests nor leftovers`, async () => {
      const others = [...(await packed(folder))].filter((path) =>
        /\.test\.|tsbuildinfo|selfcheck|node_modules|\.generated/.test(path),
      );
      assert.deepEqual(
        others.filter((path) => !/(start_here|completed)\/service\.test\.ts$/.test(path)),
        [],
      );
    });
  }
});

test("all packages have one version, need each other in that version, and the changelog begins with it", () => {
  const [{ version } = { version: "" }] = manifests;
  for (const { name, version: own, license, description, dependencies = {} } of manifests) {
    assert.equal(own, version, name);
    assert.equal(license, "Apache-2.0", name);
    assert.ok(description.length > 20, name);
    for (const { name: other } of manifests)
      assert.equal(dependencies[other] ?? version, version, `${name} needs ${other}`);
  }
  const learners = JSON.parse(
    readFileSync(join(root, "packages/codelab/completed/package.json"), "utf8"),
  ) as Manifest & {
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  assert.equal(learners.dependencies?.["@routeguide/grpc"], version);
  assert.equal(learners.devDependencies["create-routeguide"], version);
  const changelog = readFileSync(join(root, "CHANGELOG.md"), "utf8");
  assert.equal(/^## (\d+\.\d+\.\d+)/m.exec(changelog)?.[1], version);
});
