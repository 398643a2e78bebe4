import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BUILD } from "../../src/build/compile.js";
import { Miss } from "../../src/check/miss.js";
import type { Step } from "../../src/check/step.js";

const AT = { file: "service.test.ts", line: /^test\(|inMemory\(|Step 15:/ };
/** What the runner says at its end, in each of its forms. */
const COUNT = /^(?:#|\S) tests (\d+)$/m;

const TESTS = "service.test.js";
/** The variable that says which of the wrong services is tested. */
const WHICH = "ROUTEGUIDE_LAB_BROKEN";

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
      title: "there are tests, they pass with your service, and they open no port",
      async run(lab) {
        const { code, text, ports } = await lab.script(TESTS, AT);
        if (code !== 0) throw new Miss("A test fails with your own service", { printed: text, at: AT });
        if (Number(COUNT.exec(text)?.[1] ?? 0) === 0) {
          throw new Miss("There is no test in service.test.ts", {
            expected: 'test("...", async () => { ... })',
            at: AT,
          });
        }
        if (ports.length === 0) return;
        throw new Miss("The tests open a port", {
          expected: "inMemory(server) gives a transport that needs no network",
          seen: `port ${ports.join(", ")}`,
          at: { file: "service.test.ts", line: /listen\(|Step 15:/ },
        });
      },
    },
    {
      title: "they find out each service that is wrong",
      async run(lab) {
        makeBreakable(lab.project);
        const runs = BROKEN.map((_, i) => lab.script(TESTS, AT, { [WHICH]: String(i) }));
        for (const [i, { code, text }] of (await Promise.all(runs)).entries()) {
          if (code !== 0) continue;
          throw new Miss(`Your tests pass with a service ${BROKEN[i]?.what}`, {
            expected: "a test that fails when the service is wrong: the lab has put a wrong one in",
            printed: text,
            at: AT,
          });
        }
      },
    },
  ],
};

/** Lets a variable of the environment say which of the wrong services stands in the place of the learner's, in what was compiled. */
function makeBreakable(project: string): void {
  const [own = "", given = ""] = ["service.js", "service.given.js"].map((file) => join(project, BUILD, file));
  renameSync(own, given);
  const methods = BROKEN.map(({ methods }) => `(places) => ({ ${methods} })`);
  writeFileSync(
    own,
    `import { routeGuide as given } from "./service.given.js";
export * from "./service.given.js";
const broken = [${methods.join(", ")}][process.env["${WHICH}"]] ?? (() => ({}));
export const routeGuide = (places) => ({ ...given(places), ...broken(places) });
`,
  );
}
