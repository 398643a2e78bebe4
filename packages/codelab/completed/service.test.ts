/** Tests of the four methods, without a network. `npm test` runs them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Client, createClient, createServer } from "@routeguide/grpc";
import { inMemory } from "@routeguide/grpc/testing";
import { RouteGuide } from "./gen/routeguide/route_guide_pb.js";
import { routeGuide } from "./service.js";

/** Two places: something to find, and something to leave out. */
const PLACES = [
  { name: "The old mill", location: { latitude: 10, longitude: 10 } },
  { name: "The bridge", location: { latitude: 50, longitude: 50 } },
];

// #region step-15
//? Test your service in memory: GetFeature finds a place and says so
//? when there is none, ListFeatures sends what lies in an area and nothing
//? else.
/** Uses a client of a service that knows PLACES; both are gone afterwards. */
async function withClient(
  use: (client: Client<typeof RouteGuide>) => Promise<void>,
): Promise<void> {
  await using server = createServer().service(RouteGuide, routeGuide(PLACES));
  await using transport = inMemory(server);
  await use(createClient(RouteGuide, transport));
}

test("GetFeature finds the place at a point", async () => {
  await withClient(async (client) => {
    const { name } = await client.getFeature({ latitude: 10, longitude: 10 });
    assert.equal(name, "The old mill");
  });
});

test("where there is no place, the name is empty", async () => {
  await withClient(async (client) => {
    const { name } = await client.getFeature({ latitude: 10, longitude: 11 });
    assert.equal(name, "");
  });
});

test("ListFeatures sends what lies in the area, and no more", async () => {
  await withClient(async (client) => {
    const names: string[] = [];
    const area = {
      lo: { latitude: 0, longitude: 0 },
      hi: { latitude: 20, longitude: 20 },
    };
    for await (const { name } of client.listFeatures(area)) names.push(name);
    assert.deepEqual(names, ["The old mill"]);
  });
});
// #endregion
