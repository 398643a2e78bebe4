import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Code, createClient, createServer, Envelopes, jsonFormat, RpcError } from "@routeguide/grpc";
import { BadRequestSchema } from "@routeguide/grpc/details";
import { inMemory } from "@routeguide/grpc/testing";
import { AtlasBuilder } from "../atlas/atlas-builder.js";
import { PointSchema, RouteGuide } from "../contract/gen/routeguide/route_guide_pb.js";
import { NoteBoard } from "../notes/note-board.js";
import { MemoryNoteStore } from "../stores/memory-note-store.js";
import { routeGuide } from "./route-guide.js";

const FEATURES: readonly [latitude: number, longitude: number, name: string][] = [
  [409_146_138, -746_188_906, "Berkshire Valley Management Area Trail, Jefferson, NJ, USA"],
  [400_000_000, -750_000_000, "corner"],
  [420_000_000, -730_000_000, ""],
  [0, 0, "Null Island"],
];

/** A client of a server with these features, whose clock stands where the test sets it. */
async function guide(features = FEATURES) {
  const builder = new AtlasBuilder();
  for (const [latitude, longitude, name] of features) {
    const text = Buffer.from(name);
    builder.add(latitude, longitude, text, 0, text.length);
  }
  const board = await NoteBoard.open({ store: new MemoryNoteStore() });
  const clock = { ms: 0 };
  const server = createServer().service(RouteGuide, routeGuide(builder.build(), board, { now: () => clock.ms }));
  const transport = inMemory(server);
  return {
    clock,
    client: createClient(RouteGuide, transport),
    json: createClient(RouteGuide, transport, { format: jsonFormat() }),
    async [Symbol.asyncDispose]() {
      await transport[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await board[Symbol.asyncDispose]();
    },
  };
}

/** Checks that a call is refused as INVALID_ARGUMENT for these fields, and gives the message. */
async function refusedFor(fields: readonly string[], answer: Promise<unknown>): Promise<string> {
  const error = await answer.then(
    () => assert.fail("the call ended well"),
    (error: unknown) => error,
  );
  assert.ok(error instanceof RpcError, String(error));
  assert.equal(error.code, Code.InvalidArgument);
  assert.deepEqual(
    error.findDetails(BadRequestSchema).flatMap(({ fieldViolations }) => fieldViolations.map(({ field }) => field)),
    fields,
  );
  return error.rawMessage;
}

async function all<T>(messages: AsyncIterable<T>): Promise<T[]> {
  const taken: T[] = [];
  for await (const message of messages) taken.push(message);
  return taken;
}

const at = (latitude: number, longitude: number) => ({ latitude, longitude });
const beyond = at(900_000_001, 0);

suite("GetFeature", () => {
  test("gives the feature at exactly this point, and elsewhere one without a name at the point that was asked for", async () => {
    await using routes = await guide();
    for (const client of [routes.client, routes.json]) {
      const found = await client.getFeature(at(409_146_138, -746_188_906));
      assert.equal(found.name, FEATURES[0]?.[2]);
      const nowhere = await client.getFeature(at(409_146_138, -746_188_907));
      assert.deepEqual([nowhere.name, nowhere.location?.longitude], ["", -746_188_907]);
      assert.equal((await client.getFeature({})).name, "Null Island");
    }
  });

  test("refuses a point that is not on Earth by its field", async () => {
    await using routes = await guide();
    const text = await refusedFor(["latitude"], routes.client.getFeature(beyond));
    assert.match(text, /^latitude is 900000001, expected /);
    await refusedFor(["longitude"], routes.client.getFeature(at(0, -1_800_000_001)));
  });
});

suite("ListFeatures", () => {
  test("gives every feature in the rectangle, edges and unnamed ones included, whichever corners are given", async () => {
    await using routes = await guide();
    const corners = [at(400_000_000, -750_000_000), at(420_000_000, -730_000_000)] as const;
    const [lo, hi] = corners;
    const rectangles = [
      { lo, hi },
      { lo: hi, hi: lo },
      { lo: at(lo.latitude, hi.longitude), hi: at(hi.latitude, lo.longitude) },
    ];
    for (const client of [routes.client, routes.json]) {
      for (const rectangle of rectangles) {
        const names = (await all(client.listFeatures(rectangle))).map(({ name }) => name);
        assert.deepEqual(names.sort(), ["", FEATURES[0]?.[2], "corner"]);
      }
    }
    assert.deepEqual(await all(routes.client.listFeatures({ lo: at(1, 1), hi: at(2, 2) })), []);
    assert.equal((await all(routes.client.listFeatures({ lo: at(0, 0), hi: at(0, 0) }))).length, 1);
  });

  test("gives tens of thousands of features, each once", async () => {
    const features = Array.from({ length: 30_000 }, (_, i): (typeof FEATURES)[number] => [i, -i, `Feature ${i}`]);
    await using routes = await guide(features);
    const names = (await all(routes.client.listFeatures({ lo: at(10, 0), hi: at(29_989, -30_000) }))).map(
      (f) => f.name,
    );
    assert.equal(names.length, 29_980);
    assert.equal(new Set(names).size, 29_980);
  });

  test("refuses absent corners, and corners that are not on Earth, all by their fields", async () => {
    await using routes = await guide();
    const { client } = routes;
    await refusedFor(["lo", "hi"], all(client.listFeatures({})));
    await refusedFor(["hi"], all(client.listFeatures({ lo: at(0, 0) })));
    await refusedFor(
      ["lo.latitude", "hi.longitude"],
      all(client.listFeatures({ lo: beyond, hi: at(0, 1_800_000_001) })),
    );
  });
});

suite("RecordRoute", () => {
  test("counts points and features, measures the route, and takes the time by its clock", async () => {
    await using routes = await guide();
    for (const client of [routes.client, routes.json]) {
      routes.clock.ms = 5000;
      const summary = await client.recordRoute(
        (async function* () {
          yield at(409_146_138, -746_188_906);
          yield at(420_000_000, -730_000_000);
          yield at(420_000_000, -730_000_000);
          routes.clock.ms += 2999;
          yield at(1, 1);
        })(),
      );
      const { pointCount, featureCount, elapsedTime } = summary;
      assert.deepEqual({ pointCount, featureCount, elapsedTime }, { pointCount: 4, featureCount: 3, elapsedTime: 2 });
    }
    const quarter = await routes.client.recordRoute([at(0, 0), at(0, 900_000_000)]);
    assert.equal(quarter.distance, Math.round((Math.PI / 2) * 6_371_000));
  });

  test("gives zeros for a route without points", async () => {
    await using routes = await guide();
    const { pointCount, featureCount, distance, elapsedTime } = await routes.client.recordRoute([]);
    assert.deepEqual([pointCount, featureCount, distance, elapsedTime], [0, 0, 0, 0]);
  });

  test("takes a hundred thousand points", async () => {
    await using routes = await guide();
    const points = Array.from({ length: 100_000 }, (_, i) => at(i, i));
    const summary = await routes.client.recordRoute([Envelopes.of(PointSchema, points)]);
    assert.deepEqual([summary.pointCount, summary.featureCount], [100_000, 1]);
  });

  test("refuses a point that is not on Earth by its place in the route and its field", async () => {
    await using routes = await guide();
    for (const client of [routes.client, routes.json]) {
      const text = await refusedFor(["latitude"], client.recordRoute([at(0, 0), at(1, 1), beyond]));
      assert.match(text, /^point 2: latitude is 900000001/);
    }
  });

  test("refuses what is not a Point", async () => {
    await using routes = await guide();
    const malformed = new Envelopes(Uint8Array.of(0, 0, 0, 0, 1, 0x08), 1);
    await refusedFor([], routes.client.recordRoute([{}, malformed]));
  });
});
