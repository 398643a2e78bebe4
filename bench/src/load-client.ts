/**
 * A client under measurement: repeats one call on several workers over one connection, and prints what it moved and what that cost
 * as a line of JSON. It fails if a reply is wrong.
 *
 *     node bench/dist/load-client.js --port N --mode get|list|record|chat --concurrency C --seconds S --warmup W
 */
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { type Client, createClient, Envelopes } from "@routeguide/grpc";
import { dial } from "@routeguide/grpc/node";
import { PointSchema, RouteGuide, RouteNoteSchema } from "routeguide";
import { EVERYWHERE } from "./data.js";
import { Outbox } from "./outbox.js";

const ROUTE_POINTS = 20_000;
const POINTS_A_PIECE = 2000;
/** A point that every server has a feature at. */
const KNOWN = { latitude: 409146138, longitude: -746188906 };

type IsOver = () => boolean;
type Mode = (client: Client<typeof RouteGuide>, isOver: IsOver) => Promise<number>;

const MODES: Readonly<Record<string, Mode>> = {
  /** A message is a call. */
  async get(client, isOver) {
    let calls = 0;
    for (; !isOver(); calls++) {
      const { name } = await client.getFeature(KNOWN);
      if (name === "") throw new Error("GetFeature: the known point has no name");
    }
    return calls;
  },

  /** A message is a feature. */
  async list(client, isOver) {
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

  /** A message is a point. Each call encodes its points, as a client would. */
  async record(client, isOver) {
    let points = 0;
    while (!isOver()) {
      const { pointCount } = await client.recordRoute(route());
      if (pointCount !== ROUTE_POINTS) throw new Error(`RecordRoute: ${pointCount} points, expected ${ROUTE_POINTS}`);
      points += pointCount;
    }
    return points;
  },

  /** A message is a note that has come back. */
  async chat(client, isOver) {
    const latitude = Math.floor((Math.random() * 2 - 1) * 890_000_000);
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
};

function* route(): Generator<Envelopes> {
  for (let from = 0; from < ROUTE_POINTS; from += POINTS_A_PIECE) {
    yield Envelopes.of(PointSchema, points(from, from + POINTS_A_PIECE));
  }
}

function* points(from: number, to: number): Generator<{ latitude: number; longitude: number }> {
  for (let i = from; i < to; i++) yield { latitude: 400_000_000 + i, longitude: -740_000_000 - i };
}

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "50051" },
    mode: { type: "string", default: "get" },
    concurrency: { type: "string", default: "1" },
    seconds: { type: "string", default: "1" },
    warmup: { type: "string", default: "0.5" },
  },
});
const mode = MODES[values.mode];
if (mode === undefined) throw new Error(`--mode is "${values.mode}": expected one of ${Object.keys(MODES).join(", ")}`);

await using transport = dial(`http://127.0.0.1:${values.port}`);
const client = createClient(RouteGuide, transport);
await run(mode, Number(values.warmup));
const started = performance.now();
const cpu = process.cpuUsage();
const messages = await run(mode, Number(values.seconds));
const { user, system } = process.cpuUsage(cpu);
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ messages, seconds, cpuSeconds: (user + system) / 1e6 }));

async function run(work: Mode, seconds: number): Promise<number> {
  const end = performance.now() + seconds * 1000;
  const isOver = () => performance.now() >= end;
  const workers = Array.from({ length: Number(values.concurrency) }, () => work(client, isOver));
  return (await Promise.all(workers)).reduce((sum, moved) => sum + moved, 0);
}
