import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { type Document, documents, root } from "./shared/documents.js";

const LINK = /\]\(([^)\s]+)\)/g;
const HEADING = /^#+ (.+)$/gm;

const all = documents();
/** Without code, whose brackets are no links and whose comments are no headings. */
const proseOf = (text: string) =>
  text.replace(/^```.*?^```$|`[^`\n]*`/gms, (code) => (code.startsWith("```") ? "" : "code"));

/** A heading as GitHub names it in an address. */
function anchorOf(heading: string): string {
  const words = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
  return words.replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-");
}

function anchorsOf(path: string): ReadonlySet<string> {
  const text = readFileSync(join(root, path), "utf8").replace(/^```.*?^```$/gms, "");
  return new Set([...text.matchAll(HEADING)].map(([, heading = ""]) => anchorOf(heading)));
}

/** What is wrong with a link; undefined if it leads somewhere. */
function complaintOf(target: string, { path }: Document): string | undefined {
  if (/^https?:\/\//.test(target)) return URL.canParse(target) ? undefined : "is no address";
  const [file = "", anchor] = target.split("#");
  const linked = file === "" ? path : normalize(join(dirname(path), file));
  if (!existsSync(join(root, linked))) return "leads to no file";
  return anchor === undefined || anchorsOf(linked).has(anchor) ? undefined : "leads to no heading";
}

test("links lead to files and headings that are there", () => {
  const links = all.flatMap((document) =>
    [...proseOf(document.text).matchAll(LINK)].map(([, target = ""]) => ({ document, target })),
  );
  assert.ok(links.length > 50);
  for (const { document, target } of links) {
    assert.equal(complaintOf(target, document), undefined, `${document.path}: ${target}`);
  }
});

test("README names every npm script, and every script that is named is there", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object };
  // What a learner runs stands in the package.json of their project.
  const learners = ["server", "client", "generate"];
  const named = ({ text }: Document) =>
    [...text.matchAll(/\bnpm (?:run (?:--silent )?([a-z][\w:-]*)|(start|test)\b)/g)].map(
      ([, run, short]) => run ?? short ?? "",
    );
  for (const document of all) {
    for (const name of named(document)) {
      assert.ok(Object.hasOwn(scripts, name) || learners.includes(name), `${document.path}: npm run ${name}`);
    }
  }
  const readme = all.filter(({ path }) => path === "README.md").flatMap(named);
  assert.deepEqual(
    Object.keys(scripts).filter((name) => !readme.includes(name)),
    [],
  );
});
