import { expectSame, Miss } from "../../src/check/miss.js";
import { KNOWN, PLACES, UNNAMED } from "../../src/check/places.js";
import type { Step } from "../../src/check/step.js";

const AT = { file: "service.ts", line: /\brecordRoute\b|Step 7:/ };
/** One degree along a meridian, by the haversine formula with a radius of 6,371 km. */
const DEGREE = { e7: 10_000_000, metres: 111_195 };
/** In E7, some 4.4 m each: rounded one by one they come to 10 % less. */
const SHORT_LEGS = { legs: 1000, e7: 400, metres: 4448 };
/** So many that a server which answers when nothing waits has had the time to do it. */
const OTHER_CALLS = 20;

export const step: Step = {
  title: "RecordRoute: a stream of requests",
  minutes: 7,
  files: ["server.ts", "service.ts"],
  needs: "programs",
  checks: [
    {
      title: "points and features on the way are counted",
      async run(lab) {
        await using ann = await lab.traveller();
        const beside = { latitude: KNOWN.location.latitude + 1, longitude: KNOWN.location.longitude };
        const [first, second] = PLACES.slice(2, 4).map(({ location }) => location);
        if (first === undefined || second === undefined) throw new Error("there are 100 places");
        const { pointCount, featureCount } = await ann.client.recordRoute([KNOWN.location, beside, first, second]);
        expectSame(pointCount, 4, "RecordRoute counts the points wrong", AT);
        expectSame(featureCount, 3, "RecordRoute counts the features on the way wrong", AT);
      },
    },
    {
      title: "a place without a name is a feature too, and passing it twice counts twice",
      async run(lab) {
        await using ann = await lab.traveller();
        const { featureCount } = await ann.client.recordRoute([UNNAMED.location, KNOWN.location, UNNAMED.location]);
        expectSame(featureCount, 3, "RecordRoute does not count each point that is a feature's", AT);
      },
    },
    {
      title: "the distance is that of the whole way, in metres",
      async run(lab) {
        await using ann = await lab.traveller();
        const start = { latitude: 400_000_000, longitude: -740_000_000 };
        const north = { ...start, latitude: start.latitude + DEGREE.e7 };
        const { distance } = await ann.client.recordRoute([start, north, start]);
        expectSame(distance, 2 * DEGREE.metres, "RecordRoute gives the wrong distance", AT);
      },
    },
    {
      title: "many short legs add up: nothing is rounded on the way",
      async run(lab) {
        await using ann = await lab.traveller();
        const { legs, e7, metres } = SHORT_LEGS;
        const points = Array.from({ length: legs + 1 }, (_, i) => ({ latitude: 400_000_000 + i * e7, longitude: 0 }));
        const { distance } = await ann.client.recordRoute(points);
        expectSame(distance, metres, "RecordRoute rounds each leg: the error grows with the way", AT);
      },
    },
    {
      title: "the answer comes when the client has sent its last point, not before",
      async run(lab) {
        await using ann = await lab.traveller();
        const call = await ann.open("recordRoute");
        call.send(KNOWN.location);
        call.send(UNNAMED.location);
        // Answers to other calls show that the server has had its turn, more than once.
        for (let i = 0; i < OTHER_CALLS; i++) await ann.client.recordRoute([]);
        if (call.responses.length > 0 || call.outcome !== undefined) {
          throw new Miss("RecordRoute answers before the client has sent its last point", {
            expected: "for await (...) goes on until the client ends its side",
            at: AT,
          });
        }
        call.send(KNOWN.location);
        call.halfClose();
        await call.until(() => call.outcome !== undefined);
        expectSame(call.responses[0]?.pointCount, 3, "RecordRoute does not take all points of a slow client", AT);
      },
    },
    {
      title: "a route without a point has a summary too: zeros",
      async run(lab) {
        await using ann = await lab.traveller();
        const { pointCount, featureCount, distance, elapsedTime } = await ann.client.recordRoute([]);
        expectSame(
          { pointCount, featureCount, distance, elapsedTime },
          { pointCount: 0, featureCount: 0, distance: 0, elapsedTime: 0 },
          "The summary of an empty route is not zero",
          AT,
        );
      },
    },
    {
      title: "two travellers have two routes",
      async run(lab) {
        await using ann = await lab.traveller("Ann");
        await using bob = await lab.traveller("Bob");
        const route = await ann.open("recordRoute");
        route.send(KNOWN.location);
        const { pointCount } = await bob.client.recordRoute([UNNAMED.location]);
        expectSame(pointCount, 1, "RecordRoute mixes up the routes of two travellers", AT);
        route.halfClose();
        await route.until(() => route.outcome !== undefined);
        expectSame(route.responses[0]?.pointCount, 1, "RecordRoute mixes up the routes of two travellers", AT);
      },
    },
  ],
};
