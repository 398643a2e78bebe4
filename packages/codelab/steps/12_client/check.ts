import { Code, RpcError } from "@routeguide/grpc";
import { expectFailure, expectWell, HOME, NOWHERE } from "../../src/check/client-checks.js";
import { freePort } from "../../src/check/free-port.js";
import { Miss } from "../../src/check/miss.js";
import { plain } from "../../src/check/places.js";
import type { Step } from "../../src/check/step.js";
import type { Point } from "../../src/gen/routeguide/route_guide_pb.js";

const AT = { file: "client.ts", line: /getFeature\(|createClient\(|Step 12:/ };
const CATCH = { file: "client.ts", line: /catch|getFeature\(|Step 12:/ };
const NAME = "The house with the blue door";

export const step: Step = {
  title: "The client: a channel and a stub",
  minutes: 7,
  files: ["client.ts"],
  needs: "programs",
  areApart: true,
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
      title: "it prints a feature's name, and says so when there is none",
      async run(lab) {
        const isHome = (point: Point) => point.latitude === HOME.latitude;
        const run = await lab.client({
          getFeature: (location) => ({ name: isHome(location) ? NAME : "", location }),
        });
        const { text } = await run.toEnd();
        if (!text.includes(NAME)) {
          throw new Miss("The client does not print the name that it was given", {
            expected: NAME,
            seen: text.trim() || "no output",
            at: AT,
          });
        }
        // What a later step has the client call is not answered here.
        const isOther = (line: string) => line.trim() !== "" && !line.includes(NAME) && !/UNIMPLEMENTED/i.test(line);
        if (text.split("\n").some(isOther) && !/undefined|\[object/.test(text)) return;
        throw new Miss("The client says nothing where there is no feature", {
          expected: "an empty name is an answer: tell people what it means",
          seen: text.trim(),
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
      title: "a call that is refused is not repeated: the client prints code and message, and fails too",
      async run(lab) {
        let calls = 0;
        const run = await lab.client({
          getFeature() {
            calls++;
            throw new RpcError(Code.InvalidArgument, "no such point");
          },
        });
        expectFailure(await run.toEnd(), /INVALID_?ARGUMENT|\b3\b/i, "no such point", CATCH);
        // One for each of the two points, if it looks at them on their own.
        if (calls <= 2) return;
        throw new Miss("The client repeats a call that can never succeed", {
          expected: "the status is printed, and that is all",
          seen: `${calls} calls`,
          at: CATCH,
        });
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
