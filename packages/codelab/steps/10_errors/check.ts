import { Code, codeName, RpcError } from "@routeguide/grpc";
import { Chat, freshPoint } from "../../src/check/chat-checks.js";
import { Miss } from "../../src/check/miss.js";
import { KNOWN } from "../../src/check/places.js";
import type { Step } from "../../src/check/step.js";

const AT = { file: "service.ts", line: /RpcError\(|Step 10:/ };
/** Just off the Earth, on each side. */
const OFF_EARTH = [
  { latitude: 900_000_001, longitude: 0 },
  { latitude: -900_000_001, longitude: 0 },
  { latitude: 0, longitude: 1_800_000_001 },
  { latitude: 0, longitude: -1_800_000_001 },
];
/** The last points that are on it. */
const POLES = [
  { latitude: 900_000_000, longitude: 1_800_000_000 },
  { latitude: -900_000_000, longitude: -1_800_000_000 },
];

export const step: Step = {
  title: "Errors: say what is wrong",
  minutes: 6,
  files: ["server.ts", "service.ts"],
  needs: "programs",
  checks: [
    {
      title: "GetFeature refuses a point that is not on Earth",
      async run(lab) {
        const { client } = await lab.traveller();
        for (const point of OFF_EARTH) {
          await expectRefusal(`GetFeature of ${point.latitude},${point.longitude}`, async () => {
            await client.getFeature(point);
          });
        }
      },
    },
    {
      title: "poles and the date line are on Earth",
      async run(lab) {
        const { client } = await lab.traveller();
        for (const point of POLES) {
          try {
            await client.getFeature(point);
          } catch (error) {
            if (!(error instanceof RpcError) || error.code !== Code.InvalidArgument) throw error;
            throw new Miss("A point on the very edge is refused", {
              expected: "latitude from -90 to 90 degrees, longitude from -180 to 180, all four included",
              seen: `${point.latitude},${point.longitude}: ${error.message}`,
              at: AT,
            });
          }
        }
      },
    },
    {
      title: "ListFeatures refuses a rectangle that lacks a corner, before it sends anything",
      async run(lab) {
        const { client } = await lab.traveller();
        const { location } = KNOWN;
        for (const [which, rectangle] of [
          ["no corner", {}],
          ["lo alone", { lo: location }],
          ["hi alone", { hi: location }],
        ] as const) {
          await expectRefusal(`ListFeatures with ${which}`, async () => {
            for await (const _ of client.listFeatures(rectangle));
          });
        }
      },
    },
    {
      title: "RecordRoute refuses a route that leaves the Earth",
      async run(lab) {
        const { client } = await lab.traveller();
        await expectRefusal("RecordRoute", async () => {
          await client.recordRoute([KNOWN.location, { latitude: 950_000_000, longitude: 0 }, KNOWN.location]);
        });
      },
    },
    {
      title: "RouteChat refuses a note without a location, and the other chats go on",
      async run(lab) {
        const point = freshPoint();
        const bob = await Chat.open(await lab.traveller("Bob"), AT);
        bob.say("from Bob", point);
        await bob.hears(["from Bob"], "Bob does not hear his own note");
        const { client } = await lab.traveller("Ann");
        await expectRefusal("RouteChat", async () => {
          for await (const _ of client.routeChat([{ message: "where am I?" }]));
        });
        bob.say("still here", point);
        await bob.hears(["from Bob", "still here"], "One traveller's wrong note disturbs another one's chat");
        await bob.leave();
      },
    },
    {
      title: "the refusal says what is wrong",
      async run(lab) {
        const { client } = await lab.traveller();
        const error = await client.getFeature(OFF_EARTH[0] ?? {}).catch((reason: unknown) => reason);
        if (error instanceof RpcError && error.rawMessage.trim().length >= 5) return;
        throw new Miss("The status has no message", {
          expected: "a text for people: which field is wrong, and how",
          seen: error instanceof RpcError ? error.message : "no error",
          at: AT,
        });
      },
    },
  ],
};

/** @throws {Miss} unless the call ends with INVALID_ARGUMENT */
async function expectRefusal(what: string, call: () => Promise<void>): Promise<void> {
  const expected = "the status INVALID_ARGUMENT";
  try {
    await call();
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    if (error.code === Code.InvalidArgument) return;
    if (error.code === Code.Unknown) {
      throw new Miss("A plain Error was thrown: the client only hears UNKNOWN", {
        expected: `${expected}: throw an RpcError with a Code`,
        seen: error.message,
        at: AT,
      });
    }
    if (error.code === Code.Unimplemented || error.code === Code.DeadlineExceeded) throw error;
    throw new Miss(`${what.split(" ")[0]} refuses with ${codeName(error.code)}`, {
      expected,
      seen: error.message,
      at: AT,
    });
  }
  throw new Miss(`${what.split(" ")[0]} does not refuse what is wrong`, { expected, seen: `${what}: OK`, at: AT });
}
