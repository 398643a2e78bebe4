/** The learner's .proto file, compiled. */
import { createFileRegistry, type DescFile, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { type Diagnostic, parseDiagnostics } from "./diagnostic.js";
import { installed } from "./installed.js";
import { runTool } from "./tool.js";

export const PROTO = "routeguide/route_guide.proto";

export type Contract =
  | { readonly file: DescFile }
  | { readonly diagnostics: readonly Diagnostic[]; readonly output: string };

/** Compiles the contract, with buf from the project's own node_modules. */
export async function readContract(project: string): Promise<Contract> {
  const buf = installed(project, "@bufbuild/buf/bin/buf");
  const ran = await runTool(project, buf, ["build", "--path", PROTO, "-o", "-"]);
  if (!ran.isOk) return { diagnostics: parseDiagnostics(ran.text), output: ran.text };
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, ran.stdout));
  const file = registry.getFile(PROTO);
  if (file === undefined) throw new Error(`buf compiled no ${PROTO}`);
  return { file };
}
