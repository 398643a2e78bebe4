/** Generating code from the contract, as `npm run generate` does. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PROTO } from "./contract.js";
import { installed } from "./installed.js";
import { runTool } from "./tool.js";

/** Says what is made of the contract. */
export const TEMPLATE = "buf.gen.yaml";
/** The file that everything imports. */
export const GENERATED = "gen/routeguide/route_guide_pb.ts";

/**
 * Generates if the contract or the template has changed.
 *
 * @returns what buf says is wrong; undefined if all went well
 */
export async function generate(project: string): Promise<string | undefined> {
  const mark = join(project, ".lab/generated-from");
  const from = createHash("sha256");
  for (const file of [PROTO, TEMPLATE]) from.update(readFileSync(join(project, file)));
  const digest = from.digest("hex");
  const isCurrent = existsSync(mark) && readFileSync(mark, "utf8") === digest && existsSync(join(project, GENERATED));
  if (isCurrent) return undefined;
  // What an earlier contract or template gave must not be taken for what this one gives.
  for (const stale of [mark, join(project, GENERATED)]) rmSync(stale, { force: true });
  const ran = await runTool(project, installed(project, "@bufbuild/buf/bin/buf"), ["generate"]);
  if (!ran.isOk) return ran.text;
  mkdirSync(dirname(mark), { recursive: true });
  writeFileSync(mark, digest);
  return undefined;
}
