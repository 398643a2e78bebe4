import { Code, RpcError } from "@routeguide/grpc";
import { expectSame, Miss } from "../../src/check/miss.js";
import { KNOWN, PLACES, plain } from "../../src/check/places.js";
import { WINDOW_BYTES } from "../../src/check/raw-call.js";
import type { Step } from "../../src/check/step.js";
import type { Traveller } from "../../src/check/traveller.js";
import type { Feature } from "../../src/gen/routeguide/route_guide_pb.js";
import { EXTRA_PLACES } from "../../src/program/watched-places.js";

interface Corner {
  readonly latitude: number;
  readonly longitude: number;
}

const AT = { file: "service.ts", line: /\blistFeatures\b|Step 6:/ };
/** The tutorials' rectangle, given a height: most of the places lie in it, not all. */
const AREA = {
  lo: { latitude: 400_000_000, longitude: -750_000_000 },
  hi: { latitude: 415_000_000, longitude: -740_000_000 },
};
/** Far more than a server may send ahead of its reader. */
const MANY = 30_000;
/** Where all places lie that were added to the tutorial's. */
const MILESTONES = {
  lo: { latitude: EXTRA_PLACES.latitude, longitude: 0 },
  hi: { latitude: EXTRA_PLACES.latitude, longitude: MANY * EXTRA_PLACES.stepE7 },
};

export const step: Step = {
  title: "ListFeatures: a stream of responses",
  minutes: 7,
  files: ["server.ts", "service.ts"],
  needs: "programs",
  checks: [
    {
      title: "all places in a rectangle are sent, and no others",
      async run(lab) {
        await using ann = await lab.traveller();
        expectPlacesOf(AREA, await list(ann, AREA.lo, AREA.hi));
      },
    },
    {
      title: "the corners may come in any order",
      async run(lab) {
        await using ann = await lab.traveller();
        const { lo, hi } = AREA;
        const northWest = { latitude: hi.latitude, longitude: lo.longitude };
        const southEast = { latitude: lo.latitude, longitude: hi.longitude };
        const wanted = (await list(ann, lo, hi)).length;
        for (const [from, to] of [
          [hi, lo],
          [northWest, southEast],
          [southEast, northWest],
        ] as const) {
          const found = (await list(ann, from, to)).length;
          expectSame(found, wanted, "The same rectangle has other places when its corners are swapped", AT);
        }
      },
    },
    {
      title: "places on the edge belong to the rectangle",
      async run(lab) {
        await using ann = await lab.traveller();
        const found = await list(ann, KNOWN.location, KNOWN.location);
        expectSame(
          found.map(({ name }) => name),
          [KNOWN.name],
          "A place on the edge is left out",
          AT,
        );
      },
    },
    {
      title: "a rectangle without corners does not hurt the server",
      async run(lab) {
        await using ann = await lab.traveller();
        try {
          for await (const _ of ann.client.listFeatures({}));
        } catch (error) {
          // How to refuse it properly is the matter of a later step.
          if (!(error instanceof RpcError) || error.code !== Code.InvalidArgument) throw error;
        }
      },
    },
    {
      title: "places are sent as they are found: a slow reader is waited for",
      async run(lab) {
        const server = await lab.server({ places: MANY });
        await using ann = await lab.traveller();
        // What was looked at when the server started does not count.
        await server.ask("looks");
        const call = await ann.open("listFeatures");
        call.send(MILESTONES);
        call.halfClose();
        const hasFilled = await call.until(() => call.unreadBytes >= WINDOW_BYTES);
        if (!hasFilled) throw new Miss("ListFeatures does not send what is in the rectangle", { at: AT });
        const looks = await server.ask("looks");
        call.cancel();
        if (looks < MANY / 2) return;
        throw new Miss("ListFeatures collects all places before it sends the first", {
          expected: "a look at the next place when the reader has taken the last one",
          seen: `${looks} looks at places, while the reader had taken none of ${MANY}`,
          at: AT,
        });
      },
    },
  ],
};

async function list(ann: Traveller, lo: Corner, hi: Corner): Promise<Feature[]> {
  const found: Feature[] = [];
  for await (const feature of ann.client.listFeatures({ lo, hi })) found.push(feature);
  return found;
}

/** @throws {Miss} */
function expectPlacesOf({ lo, hi }: typeof AREA, found: readonly Feature[]): void {
  const isInside = ({ latitude, longitude }: Corner) =>
    latitude >= lo.latitude && latitude <= hi.latitude && longitude >= lo.longitude && longitude <= hi.longitude;
  const wanted = PLACES.filter(({ location }) => isInside(location));
  const outside = found.find(({ location }) => location === undefined || !isInside(location));
  if (outside !== undefined) {
    throw new Miss("ListFeatures sends places that lie outside of the rectangle", {
      expected: `latitude ${lo.latitude} to ${hi.latitude}, longitude ${lo.longitude} to ${hi.longitude}`,
      seen: JSON.stringify(plain(outside.location)),
      at: AT,
    });
  }
  if (found.length === wanted.length) return;
  const counts = { expected: `${wanted.length} places`, seen: `${found.length} places`, at: AT };
  if (found.length === wanted.filter(({ name }) => name !== "").length) {
    throw new Miss("ListFeatures leaves out the places that have no name", counts);
  }
  throw new Miss("ListFeatures does not send each place in the rectangle once", counts);
}
