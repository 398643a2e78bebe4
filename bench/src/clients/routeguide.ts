/** The client of @routeguide/grpc under measurement: see harness.ts. --engine own|node */
import { createClient, Envelopes } from "@routeguide/grpc";
import { dial } from "@routeguide/grpc/node";
import { PointSchema, RouteGuide, RouteNoteSchema } from "routeguide";
import { EVERYWHERE, KNOWN } from "../data.js";
import { Outbox } from "../outbox.js";
import { checkRoute, engine, measureClient, points, port, ROUTE_POINTS, randomLatitude, repeat } from "./harness.js";

const POINTS_A_PIECE = 2000;

await using transport = dial(`http://127.0.0.1:${port}`, { engine });
const client = createClient(RouteGuide, transport);

await measureClient({
  get: (isOver, took) => repeat(async () => (await client.getFeature(KNOWN)).name, isOver, took),

  async list(isOver) {
    let features = 0;
    while (!isOver()) {
      const before = features;
      await client.listFeatures(EVERYWHERE).forEachBatch((batch) => {
        for (const { name } of batch) if (name !== undefined) features++;
      });
      if (features === before) throw new Error("ListFeatures: the world is empty");
    }
    return features;
  },

  async record(isOver) {
    let sent = 0;
    while (!isOver()) sent += checkRoute((await client.recordRoute(route())).pointCount);
    return sent;
  },

  async chat(isOver) {
    const latitude = randomLatitude();
    const noteAt = (longitude: number) =>
      Envelopes.of(RouteNoteSchema, [{ location: { latitude, longitude }, message: "Slow traffic ahead" }]);
    const outbox = new Outbox<Envelopes>();
    let turns = 0;
    outbox.put(noteAt(0));
    await client.routeChat(outbox).forEachBatch((batch) => {
      turns += batch.count;
      outbox.put(isOver() ? undefined : noteAt(turns));
    });
    return turns;
  },
});

function* route(): Generator<Envelopes> {
  for (let from = 0; from < ROUTE_POINTS; from += POINTS_A_PIECE) {
    yield Envelopes.of(PointSchema, points(from, from + POINTS_A_PIECE));
  }
}
