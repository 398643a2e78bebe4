import { setImmediate as nextTurn } from "node:timers/promises";
import { Code, RpcError } from "@routeguide/grpc";
import { expectFailure, PATIENT } from "../../src/check/client-checks.js";
import { expectSame, Miss } from "../../src/check/miss.js";
import { PATIENCE } from "../../src/check/patience.js";
import { WINDOW_BYTES } from "../../src/check/raw-call.js";
import type { Step } from "../../src/check/step.js";
import { EXTRA_PLACES } from "../../src/program/watched-places.js";

const DEADLINE = { file: "client.ts", line: /getFeature\(/ };
const LEAVE = { file: "client.ts", line: /listFeatures\(/ };
/** The constant of client.ts. */
const MAX_FEATURES = 5;
/** What is left of a deadline when the call arrives, at least, if it was meant in earnest. */
const NEAR_MS = 100;
/** More than anybody reads by mistake, and less than keeps a machine busy. */
const ENOUGH = 2_000;
/** Places of the learner's server: many windows full. */
const MANY = 30_000;

export const step: Step = {
  title: "Deadlines and cancellation",
  minutes: 6,
  files: ["client.ts", "server.ts", "service.ts"],
  needs: "programs",
  areApart: true,
  checks: [
    {
      title: "GetFeature says until when an answer is of use",
      async run(lab) {
        const given: (number | undefined)[] = [];
        const run = await lab.client({
          ...PATIENT,
          getFeature(location, call) {
            given.push(call.timeoutMs());
            return { name: "Somewhere", location };
          },
        });
        const { text } = await run.toEnd();
        const [timeoutMs] = given;
        const isMissed = timeoutMs === undefined && /DEADLINE_?EXCEEDED/i.test(text);
        if (isMissed || (timeoutMs !== undefined && timeoutMs < NEAR_MS)) {
          throw new Miss("The deadline is so near that a slow network always misses it", {
            expected: "2 seconds: timeoutMs is in milliseconds",
            ...(isMissed ? { printed: text } : { seen: `${Math.round(timeoutMs ?? 0)} ms` }),
            at: DEADLINE,
          });
        }
        if (timeoutMs === undefined) {
          throw new Miss("GetFeature is called without a deadline", {
            expected: "a second argument for the call: { timeoutMs: 2_000 }",
            seen: given.length === 0 ? "no call" : "no grpc-timeout in the request's head",
            at: DEADLINE,
          });
        }
        if (given.includes(undefined)) {
          throw new Miss("One of the calls of GetFeature has no deadline", {
            expected: "{ timeoutMs: 2_000 } with each of them",
            seen: given.map((ms) => (ms === undefined ? "no deadline" : `${Math.round(ms)} ms`)).join(", "),
            at: DEADLINE,
          });
        }
        if (timeoutMs > PATIENCE.answer) {
          throw new Miss("The deadline is so far away that nobody waits that long", {
            expected: "2 seconds",
            seen: `${Math.round(timeoutMs / 1000)} seconds`,
            at: DEADLINE,
          });
        }
      },
    },
    {
      title: "when the deadline passes, the client says so, and fails",
      async run(lab) {
        const run = await lab.client({
          ...PATIENT,
          // The server's clock says it first: nobody needs to wait for two seconds.
          getFeature() {
            throw new RpcError(Code.DeadlineExceeded, "too late");
          },
        });
        expectFailure(await run.toEnd(), /DEADLINE_?EXCEEDED|\b4\b/i, "", DEADLINE);
      },
    },
    {
      title: `after ${MAX_FEATURES} features it hangs up, and goes on with the rest`,
      async run(lab) {
        let sent = 0;
        let hasRecorded = false;
        const run = await lab.client({
          ...PATIENT,
          async *listFeatures(_rectangle, { signal }) {
            for (; sent < ENOUGH && !signal.aborted; sent++) {
              yield { name: `Feature number ${sent + 1}.` };
              await nextTurn();
            }
          },
          async recordRoute(points) {
            for await (const _ of points);
            hasRecorded = true;
            return {};
          },
        });
        const { text } = await run.toEnd();
        if (sent >= ENOUGH) {
          throw new Miss("The client never hangs up: the server has to send everything", {
            expected: `a break out of the loop after ${MAX_FEATURES} features cancels the call`,
            seen: `${sent} features were sent`,
            at: LEAVE,
          });
        }
        const printed = text.match(/Feature number \d+\./g)?.length ?? 0;
        expectSame(printed, MAX_FEATURES, "The client prints another number of features than MAX_FEATURES", LEAVE);
        if (!hasRecorded) {
          throw new Miss("After it has hung up, the client does not go on with the route", {
            expected: "leaving the loop is no error",
            printed: text,
            at: LEAVE,
          });
        }
      },
    },
    {
      title: "your server stops its work for a caller who hangs up",
      async run(lab) {
        const server = await lab.server({ places: MANY });
        const ann = await lab.traveller();
        await server.ask("looks");
        const call = await ann.open("listFeatures");
        const { latitude, stepE7 } = EXTRA_PLACES;
        call.send({ lo: { latitude, longitude: 0 }, hi: { latitude, longitude: MANY * stepE7 } });
        call.halfClose();
        await call.until(() => call.unreadBytes >= WINDOW_BYTES);
        call.cancel();
        // Calls that come after it show that the server has had its turn.
        for (let i = 0; i < 5; i++) await ann.client.recordRoute([]);
        const looks = await server.ask("looks");
        if (looks < MANY / 2) return;
        throw new Miss("The server goes on looking for features that nobody will ever read", {
          seen: `${looks} looks at places for a call that was cancelled after some 2,000`,
          at: { file: "service.ts", line: /\blistFeatures\b/ },
        });
      },
    },
  ],
};
