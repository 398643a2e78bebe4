import { Code, RpcError } from "@routeguide/grpc";
import { expectFailure, expectWell, PATIENT } from "../../src/check/client-checks.js";
import type { ClientRun } from "../../src/check/client-run.js";
import { expectSame, Miss } from "../../src/check/miss.js";
import { plain } from "../../src/check/places.js";
import type { Step } from "../../src/check/step.js";

const LIST = { file: "client.ts", line: /listFeatures\(|Step 13:/ };
const RECORD = { file: "client.ts", line: /recordRoute\(|Step 13:/ };
const CHAT = { file: "client.ts", line: /routeChat\(|Step 13:/ };
/** The constants of client.ts. */
const AREA = { lo: { latitude: 400000000, longitude: -750000000 }, hi: { latitude: 420000000, longitude: -730000000 } };
const ROUTE = [
  { latitude: 407838351, longitude: -746143763 },
  { latitude: 408122808, longitude: -743999179 },
  { latitude: 413628156, longitude: -749015468 },
];
const NOTES = ["A deer on the road", "It is gone"];

export const step: Step = {
  title: "The client: three kinds of stream",
  minutes: 8,
  files: ["client.ts"],
  needs: "programs",
  areApart: true,
  checks: [
    {
      title: "it lists AREA, and prints each feature as it comes",
      async run(lab) {
        let asked: unknown;
        const run: { client?: ClientRun } = {};
        let isPrinted = true;
        run.client = await lab.client({
          ...PATIENT,
          async *listFeatures({ lo, hi }) {
            asked = { lo: plain(lo), hi: plain(hi) };
            yield { name: "The first feature" };
            // The second comes only when the first is on the screen.
            isPrinted = (await run.client?.prints("The first feature")) ?? false;
            yield { name: "The second feature" };
          },
        });
        const { text } = await run.client.toEnd();
        if (asked === undefined) throw new Miss("The client does not call ListFeatures", { printed: text, at: LIST });
        expectSame(asked, AREA, "The client asks for another rectangle than AREA", LIST);
        if (!text.includes("The first feature")) {
          throw new Miss("The client does not print the features", { seen: text.trim(), at: LIST });
        }
        if (!isPrinted) {
          throw new Miss("The client prints nothing until all features have come", {
            expected: "each response is there as soon as for await gives it",
            at: LIST,
          });
        }
        if (!text.includes("The second feature")) {
          throw new Miss("The client stops after the first feature", { seen: text.trim(), at: LIST });
        }
      },
    },
    {
      title: "it sends ROUTE point by point, ends its side, and prints the summary",
      async run(lab) {
        const points: unknown[] = [];
        let hasEnded = false;
        const run = await lab.client({
          ...PATIENT,
          async recordRoute(requests) {
            for await (const point of requests) points.push(plain(point));
            hasEnded = true;
            return { pointCount: 3, featureCount: 2, distance: 47_112, elapsedTime: 1 };
          },
        });
        const { text } = await run.toEnd();
        if (!hasEnded && points.length === 0)
          throw new Miss("The client does not call RecordRoute", { printed: text, at: RECORD });
        expectSame(points, ROUTE, "The client does not send the points of ROUTE in their order", RECORD);
        if (!text.includes("47112")) {
          throw new Miss("The client does not print the distance of the summary", {
            expected: "47112",
            seen: text.trim(),
            at: RECORD,
          });
        }
      },
    },
    {
      title: "it leaves NOTES, and prints what others say, also after its own last note",
      async run(lab) {
        const heard: string[] = [];
        const run = await lab.client({
          ...PATIENT,
          async *routeChat(notes) {
            for await (const { message, location } of notes) {
              heard.push(message);
              yield { message: `I have heard: ${message}`, location };
            }
            yield { message: "Good night, everybody" };
          },
        });
        const { text } = await run.toEnd();
        if (heard.length === 0) throw new Miss("The client does not call RouteChat", { printed: text, at: CHAT });
        expectSame(
          heard.join(", "),
          NOTES.join(", "),
          "The client does not leave the notes of NOTES in their order",
          CHAT,
        );
        for (const message of [...NOTES.map((note) => `I have heard: ${note}`), "Good night, everybody"]) {
          if (text.includes(message)) continue;
          throw new Miss("The client does not print all notes that come", {
            expected: message,
            seen: text.trim(),
            at: CHAT,
          });
        }
      },
    },
    {
      title: "all three in one run end well",
      async run(lab) {
        const run = await lab.client(PATIENT);
        expectWell(await run.toEnd(), LIST);
      },
    },
    {
      title: "a stream that breaks off in the middle is told like any call that fails",
      async run(lab) {
        const run = await lab.client({
          ...PATIENT,
          async *listFeatures() {
            yield { name: "The first feature" };
            throw new RpcError(Code.DataLoss, "the map is torn");
          },
        });
        expectFailure(await run.toEnd(), /DATA_?LOSS|\b15\b/i, "the map is torn", LIST);
      },
    },
  ],
};
