import { existsSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BUILD } from "../../src/build/compile.js";
import type { Lab } from "../../src/check/lab.js";
import { Miss } from "../../src/check/miss.js";
import type { ScriptEnded } from "../../src/check/script-run.js";
import type { Step } from "../../src/check/step.js";

const AT = { file: "service.test.ts", line: /^test\(|inMemory\(|Step 15:/ };
/** What the runner says at its end, in each of its forms. */
const COUNT = /^(?:#|\S) tests (\d+)$/m;

/** Services that are wrong, as scripts that replace methods of the learner's. */
const BROKEN = [
  { what: "whose GetFeature finds nothing", methods: "getFeature: (point) => ({ location: point })" },
  { what: "whose GetFeature finds a place everywhere", methods: "getFeature: () => places[0] ?? {}" },
  { what: "whose ListFeatures leaves nothing out", methods: "async *listFeatures() { yield* places; }" },
  { what: "whose ListFeatures sends nothing", methods: "async *listFeatures() {}" },
];

export const step: Step = {
  title: "Test without a network",
  minutes: 8,
  files: ["service.test.ts"],
  needs: "programs",
  checks: [
    {
      title: "there are tests, and they pass with your service",
      async run(lab) {
        const ended = await runTests(lab);
        const count = Number(COUNT.exec(ended.text)?.[1] ?? 0);
        if (ended.code !== 0) throw new Miss("A test fails with your own service", { printed: ended.text, at: AT });
        if (count === 0) {
          throw new Miss("There is no test in service.test.ts", {
            expected: 'test("...", async () => { ... })',
            at: AT,
          });
        }
      },
    },
    {
      title: "they open no port: nothing can be in the way of them",
      async run(lab) {
        const { ports } = await runTests(lab);
        if (ports.length === 0) return;
        throw new Miss("The tests open a port", {
          expected: "inMemory(server) gives a transport that needs no network",
          seen: `port ${ports.join(", ")}`,
          at: { file: "service.test.ts", line: /listen\(|Step 15:/ },
        });
      },
    },
    ...BROKEN.map(({ what, methods }) => ({
      title: `they find a service out ${what}`,
      async run(lab: Lab) {
        breakService(lab.project, methods);
        const { code, text } = await runTests(lab);
        if (code !== 0) return;
        throw new Miss(`Your tests pass with a service ${what}`, {
          expected: "a test that fails when the service is wrong: the lab has put a wrong one in",
          printed: text,
          at: AT,
        });
      },
    })),
  ],
};

/** @throws {Miss} if they do not end */
const runTests = (lab: Lab): Promise<ScriptEnded> => lab.script("service.test.js", AT);

/** Puts methods of ours in the place of the learner's, in what was compiled. */
function breakService(project: string, methods: string): void {
  const [own, given] = ["service.js", "service.given.js"].map((file) => join(project, BUILD, file));
  if (own === undefined || given === undefined) return;
  if (!existsSync(given)) renameSync(own, given);
  writeFileSync(
    own,
    `import { routeGuide as given } from "./service.given.js";
export * from "./service.given.js";
export const routeGuide = (places) => ({ ...given(places), ${methods} });
`,
  );
}
