// npm run example -- NAME: builds what is missing and runs one example. Without a name, lists them.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ensureBuilt } from "./build.js";
import { examples } from "./examples.js";
import { root, script } from "./step.js";

await script(async () => {
  const [name = "", ...args] = process.argv.slice(2);
  if (!examples().some((example) => example.name === name)) {
    const asksForList = ["", "help", "--help", "-h"].includes(name);
    if (!asksForList) console.error(`There is no example "${name}". There are:\n`);
    const width = Math.max(...examples().map((example) => example.name.length));
    for (const { name, title } of examples()) console.log(`${name.padEnd(width)}  ${title}`);
    process.exitCode = asksForList ? 0 : 1;
    return;
  }
  await ensureBuilt();
  const program = join(root, "examples/dist", `${name}.js`);
  if (!existsSync(program)) throw new Error(`${program} is missing: run npm run build`);
  const child = spawn(process.execPath, [program, ...args], { stdio: "inherit" });
  process.exitCode = await new Promise((resolve) => child.on("close", (code) => resolve(code ?? 1)));
});
