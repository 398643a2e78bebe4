import { Code, RpcError } from "@routeguide/grpc";
import { expectFailure, expectWell, HOME, NOWHERE } from "../../src/check/client-checks.js";
import { freePort } from "../../src/check/learner-server.js";
import { expectSame, Miss } from "../../src/check/miss.js";
import { plain } from "../../src/check/places.js";
import type { Step } from "../../src/check/step.js";

const AT = { file: "client.ts", line: /getFeature\(|createClient\(|Step 12:/ };
const CATCH = { file: "client.ts", line: /catch|getFeature\(|Step 12:/ };
const NAME = "The house with the blue door";

export const step: Step = {
  title: "The client: a channel and a stub",
  minutes: 7,
  files: ["client.ts"],
  needs: "programs",
  checks: [
    {
      title: "the client asks the server that ROUTEGUIDE names for HOME and for NOWHERE",
      async run(lab) {
        const asked: unknown[] = [];
        const run = await lab.client({
          getFeature(point) {
            asked.push(plain(point));
            return { name: NAME, location: point };
          },
        });
        const ended = await run.toEnd();
        if (asked.length === 0) {
          throw new Miss("The client calls nobody at the address in ROUTEGUIDE", {
            expected: "dial(address), and client.getFeature(...)",
            seen: "no call",
            printed: ended.text,
            at: AT,
          });
        }
        for (const [name, point] of Object.entries({ HOME, NOWHERE })) {
          if (asked.some((each) => JSON.stringify(each) === JSON.stringify(point))) continue;
          throw new Miss(`The client does not ask for the feature at ${name}`, {
            expected: JSON.stringify(point),
            seen: JSON.stringify(asked),
            at: AT,
          });
        }
      },
    },
    {
      title: "it prints a feature's name",
      async run(lab) {
        const run = await lab.client({ getFeature: (location) => ({ name: NAME, location }) });
        const ended = await run.toEnd();
        if (ended.text.includes(NAME)) return;
        throw new Miss("The client does not print the name that it was given", {
          expected: NAME,
          seen: ended.text.trim() || "no output",
          at: AT,
        });
      },
    },
    {
      title: "it says so when there is nothing",
      async run(lab) {
        const run = await lab.client({ getFeature: (location) => ({ name: "", location }) });
        const { text } = await run.toEnd();
        const lines = text
          .split("\n")
          .filter((line) => line.trim() !== "" && !/UNIMPLEMENTED|Unimplemented/.test(line));
        if (lines.length >= 2 && !/undefined|\[object/.test(text)) return;
        throw new Miss("The client says nothing where there is no feature", {
          expected: "an empty name is an answer: tell people what it means",
          seen: text.trim() || "no output",
          at: AT,
        });
      },
    },
    {
      title: "it ends by itself, and well",
      async run(lab) {
        const run = await lab.client({
          getFeature: (location) => ({ name: NAME, location }),
          *listFeatures() {},
          async recordRoute() {
            return {};
          },
          *routeChat() {},
        });
        expectWell(await run.toEnd(), AT);
      },
    },
    {
      title: "when a call fails it prints code and message, and fails too",
      async run(lab) {
        const run = await lab.client({
          getFeature() {
            throw new RpcError(Code.ResourceExhausted, "too many travellers");
          },
        });
        expectFailure(await run.toEnd(), /RESOURCE_?EXHAUSTED|\b8\b/i, "too many travellers", CATCH);
      },
    },
    {
      title: "it calls one time, not again and again, when it is refused",
      async run(lab) {
        let calls = 0;
        const run = await lab.client({
          getFeature() {
            calls++;
            throw new RpcError(Code.InvalidArgument, "no such point");
          },
        });
        await run.toEnd();
        expectSame(calls <= 2, true, "The client repeats a call that can never succeed", CATCH);
      },
    },
    {
      title: "without a server it says that there is none, and ends",
      async run(lab) {
        const run = await lab.client({}, `127.0.0.1:${await freePort()}`);
        expectFailure(await run.toEnd(), /UNAVAILABLE|\b14\b/i, "127.0.0.1", CATCH);
      },
    },
  ],
};
