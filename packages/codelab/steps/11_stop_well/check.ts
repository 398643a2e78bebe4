import { isFree } from "../../src/check/free-port.js";
import type { Lab } from "../../src/check/lab.js";
import type { LearnerServer } from "../../src/check/learner-server.js";
import { expectSame, Miss } from "../../src/check/miss.js";
import { PATIENCE } from "../../src/check/patience.js";
import { KNOWN, UNNAMED } from "../../src/check/places.js";
import { settles } from "../../src/check/settles.js";
import type { Step } from "../../src/check/step.js";

const AT = { file: "server.ts", line: /SIGTERM|SIGINT|process\.on|Step 11:/ };
/** Far more turns of the server's event loop than it takes to cut what is open. */
const TURNS = 50;

const BROKEN_OFF = new Miss("The server broke off a call that was running", {
  expected: "calls that run may end, before the process does",
  at: AT,
});

export const step: Step = {
  title: "Stop well",
  minutes: 5,
  files: ["server.ts", "service.ts"],
  needs: "programs",
  areApart: true,
  checks: [
    {
      title: "with nothing to do, it ends at once: after SIGTERM",
      run: (lab) => expectEndOf(lab, "SIGTERM"),
    },
    {
      title: "and after SIGINT, which is what Ctrl-C sends",
      run: (lab) => expectEndOf(lab, "SIGINT"),
    },
    {
      title: "a call that runs may end; a new one is not taken",
      async run(lab) {
        const server = await lab.server();
        const ann = await lab.traveller();
        const route = await ann.open("recordRoute");
        route.send(KNOWN.location);
        // An answer shows that the server has heard of the route too: they share a connection.
        await ann.client.getFeature(KNOWN.location);
        server.program.signal("SIGTERM");
        const isClosed = await settles(async () => server.program.end !== undefined || (await isFree(server.port)));
        // Answers of its probe show that it has had its turn: who gives no time to calls has cut them by now.
        for (let i = 0; i < TURNS; i++) await server.program.ask("looks", PATIENCE.probe);
        if (server.program.end !== undefined || route.outcome?.kind === "reset") {
          throw BROKEN_OFF;
        }
        if (!isClosed) {
          throw new Miss("After SIGTERM the server still takes new connections", {
            expected: "the port is closed, so that nobody new comes",
            at: AT,
          });
        }
        route.send(UNNAMED.location);
        route.halfClose();
        await route.until(() => route.outcome !== undefined);
        const [summary] = route.responses;
        if (summary === undefined) throw BROKEN_OFF;
        expectSame(summary.pointCount, 2, "The call that was running gets a wrong answer", AT);
        await expectEnd(server);
      },
    },
  ],
};

async function expectEndOf(lab: Lab, signal: "SIGINT" | "SIGTERM"): Promise<void> {
  const server = await lab.server();
  const ann = await lab.traveller();
  await ann.client.getFeature(KNOWN.location);
  server.program.signal(signal);
  await expectEnd(server, signal);
}

/** @throws {Miss} unless the process ends by itself, with code 0 */
async function expectEnd({ program }: LearnerServer, sent = "SIGTERM"): Promise<void> {
  const end = await program.endsWithin(PATIENCE.ending);
  if (end === undefined) {
    throw new Miss(`The server does not end after ${sent}`, {
      expected: "when the last call has ended, nothing keeps the process alive",
      seen: `it still runs after ${PATIENCE.ending / 1000} seconds`,
      at: AT,
    });
  }
  if (end.signal !== null) {
    throw new Miss(`${sent} kills the server: it does not listen to it`, {
      expected: `process.once("${sent}", ...)`,
      at: AT,
    });
  }
  expectSame(end.code, 0, "The server ends with an exit code that says failure", AT);
}
