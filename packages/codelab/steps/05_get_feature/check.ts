import { expectSame, Miss } from "../../src/check/miss.js";
import { KNOWN, NOWHERE, PLACES, plain, UNNAMED } from "../../src/check/places.js";
import type { Step } from "../../src/check/step.js";

const AT = { file: "service.ts", line: /\bgetFeature\b|Step 5:/ };

export const step: Step = {
  title: "GetFeature: one request, one response",
  minutes: 5,
  files: ["server.ts", "service.ts"],
  needs: "programs",
  checks: [
    {
      title: "a known point comes back with its name and its location",
      async run(lab) {
        await using ann = await lab.traveller();
        const { name, location } = await ann.client.getFeature(KNOWN.location);
        expectSame(name, KNOWN.name, "GetFeature gives another name than the place at this point has", AT);
        expectSame(plain(location), KNOWN.location, "GetFeature gives the name without the right location", AT);
      },
    },
    {
      title: "latitude and longitude must both be the same",
      async run(lab) {
        await using ann = await lab.traveller();
        const beside = { ...KNOWN.location, longitude: KNOWN.location.longitude + 1 };
        const above = { ...KNOWN.location, latitude: KNOWN.location.latitude + 1 };
        for (const point of [beside, above]) {
          const { name } = await ann.client.getFeature(point);
          if (!PLACES.some((place) => place.name === name && name !== "")) continue;
          throw new Miss("GetFeature finds a place that lies somewhere else", {
            expected: "no name",
            seen: name,
            at: AT,
          });
        }
      },
    },
    {
      title: "where there is no place, the name is empty and the location is the one asked for",
      async run(lab) {
        await using ann = await lab.traveller();
        const { name, location } = await ann.client.getFeature(NOWHERE);
        expectSame(name, "", "GetFeature makes up a name where there is no place", AT);
        expectSame(
          plain(location),
          NOWHERE,
          "An unknown point should come back with the location that was asked for",
          AT,
        );
      },
    },
    {
      title: "a place that nobody has named is found too",
      async run(lab) {
        await using ann = await lab.traveller();
        const { name, location } = await ann.client.getFeature(UNNAMED.location);
        expectSame({ name, location: plain(location) }, UNNAMED, "An unnamed place does not come back as it is", AT);
      },
    },
  ],
};
