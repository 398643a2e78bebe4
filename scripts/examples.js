// Writes the table of examples/README.md from the examples' first comments; with --check only says whether it is current.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { onlyChecks } from "./command-line.js";
import { root } from "./step.js";

const START = "<!-- examples: written by scripts/examples.js -->";
const END = "<!-- end -->";

/** Every example: its name, and the first sentence of its comment up to the colon and after it. */
export function examples() {
  const folder = join(root, "examples/src");
  return readdirSync(folder)
    .filter((file) => file.endsWith(".ts") && !file.includes(".test."))
    .map((file) => {
      const text = readFileSync(join(folder, file), "utf8");
      const [, comment = ""] = /^\/\*\*\n((?: \*.*\n)*?) \*\n/.exec(text) ?? [];
      const sentence = comment
        .replace(/^ \* ?/gm, "")
        .replaceAll("\n", " ")
        .trim();
      const [title = "", ...rest] = sentence.split(": ");
      return { name: file.replace(/\.ts$/, ""), title, shows: rest.join(": ") };
    });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const isCheck = onlyChecks("node scripts/examples.js", "Writes the table of examples/README.md");
  const file = join(root, "examples/README.md");
  const before = readFileSync(file, "utf8");
  const rows = examples().map(({ name, title, shows }) => {
    const text = shows === "" ? title : `${title}: ${shows}`;
    return `| [${name}](src/${name}.ts) | ${text} |`;
  });
  const table = ["| example | what it shows |", "|---|---|", ...rows].join("\n");
  const [head] = before.split(START);
  const tail = before.split(END)[1];
  const after = `${head}${START}\n${table}\n${END}${tail}`;
  if (after === before) console.log("examples/README.md: current");
  else if (isCheck) {
    console.error("examples/README.md does not fit the examples: run node scripts/examples.js");
    process.exitCode = 1;
  } else {
    writeFileSync(file, after);
    console.log("examples/README.md: written");
  }
}
