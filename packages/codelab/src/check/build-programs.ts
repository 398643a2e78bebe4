/** The learner's programs, made from their sources: whatever is to run is built by this. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { compile } from "../build/compile.js";
import type { Diagnostic } from "../build/diagnostic.js";
import { GENERATED, generate, TEMPLATE } from "../build/generate.js";
import { Miss } from "./miss.js";

/** @throws {Miss} if code cannot be generated */
export async function generateCode(project: string): Promise<void> {
  const complaint = await generate(project);
  if (complaint === undefined) return;
  throw new Miss("Code could not be generated: buf generate failed", { printed: complaint });
}

/**
 * Generates and compiles.
 *
 * @returns what TypeScript has to say, of all files
 * @throws {Miss} if there is no code from the contract to compile with
 */
export async function buildPrograms(project: string): Promise<readonly Diagnostic[]> {
  await generateCode(project);
  if (existsSync(join(project, GENERATED))) return compile(project);
  throw new Miss("There is no code for the contract yet: step 3 generates it", {
    expected: GENERATED,
    at: { file: TEMPLATE, line: /^plugins|Step 3:/ },
  });
}
