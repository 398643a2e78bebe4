import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { GENERATED } from "../../src/build/generate.js";
import { Miss } from "../../src/check/miss.js";
import type { Step } from "../../src/check/step.js";

const TEMPLATE = "buf.gen.yaml";

export const step: Step = {
  title: "Generate code in the build",
  minutes: 3,
  files: [TEMPLATE],
  needs: "generated code",
  checks: [
    {
      title: `npm run generate makes ${GENERATED}`,
      async run({ project }) {
        if (existsSync(join(project, GENERATED))) return;
        const script = GENERATED.replace(/ts$/, "js");
        const at = { file: TEMPLATE, line: /target|opt|out:|plugins|Step 3:/ };
        if (existsSync(join(project, script))) {
          throw new Miss("JavaScript was generated, and TypeScript is wanted", {
            expected: "opt: [target=ts, ...]",
            at,
          });
        }
        throw new Miss("Nothing was generated where the other files look for it", { expected: GENERATED, at });
      },
    },
    {
      title: "the generated file has the messages and the service",
      async run({ project }) {
        const text = readFileSync(join(project, GENERATED), "utf8");
        for (const name of ["PointSchema", "RouteSummarySchema", "RouteGuide"]) {
          if (text.includes(`export const ${name}:`)) continue;
          throw new Miss(`The generated file does not export ${name}`, {
            expected: "steps 1 and 2 are solved, and the plugin is protoc-gen-es",
            at: { file: TEMPLATE, line: /local/ },
          });
        }
      },
    },
  ],
};
