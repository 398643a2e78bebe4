/** The client of @routeguide/grpc under measurement: see harness.ts. --engine own|node */
import { createClient, EnvelopeBuilder, type Envelopes } from "@routeguide/grpc";
import { dial } from "@routeguide/grpc/node";
import { PointSchema, RouteGuide, RouteNoteSchema } from "routeguide";
import { EVERYWHERE, KNOWN } from "../data.js";
import { Outbox } from "../outbox.js";
import {
  checkNote,
  checkRoute,
  engine,
  MESSAGE,
  measureClient,
  pointAt,
  port,
  ROUTE_POINTS,
  randomLatitude,
  repeat,
} from "./harness.js";

const PIECE_BYTES = 32 * 1024;

await using transport = dial(`http://127.0.0.1:${port}`, { engine });
const client = createClient(RouteGuide, transport);
const points = new EnvelopeBuilder(PointSchema);
const notes = new EnvelopeBuilder(RouteNoteSchema);

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
    const outbox = new Outbox<Envelopes>();
    const post = (longitude: number) => {
      notes.add({ location: { latitude, longitude }, message: MESSAGE });
      outbox.put(notes.take());
    };
    let turns = 0;
    post(1);
    await client.routeChat(outbox).forEachBatch((batch) => {
      for (const note of batch) {
        turns++;
        checkNote(note, { latitude, longitude: turns });
      }
      if (isOver()) outbox.put(undefined);
      else post(turns + 1);
    });
    return turns;
  },
});

function* route(): Generator<Envelopes> {
  for (let i = 0; i < ROUTE_POINTS; i++) {
    points.add(pointAt(i));
    if (points.byteLength >= PIECE_BYTES) yield points.take();
  }
  yield points.take();
}
