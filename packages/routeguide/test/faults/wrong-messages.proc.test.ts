import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { Code, RpcError } from "@routeguide/grpc";
import { connect, type Guide } from "../../src/client.js";
import { dialRaw, frames, requestOf } from "./raw-peer.js";
import { serveVictim, type Victim } from "./victim.js";

let victim: Victim;
let guide: Guide;
before(async () => {
  victim = await serveVictim();
  guide = connect(`http://${victim.address}`);
});
after(async () => {
  await guide[Symbol.asyncDispose]();
  await victim[Symbol.asyncDispose]();
});

async function all<T>(messages: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const message of messages) list.push(message);
  return list;
}

/** The call is INVALID_ARGUMENT, and its details name the field. */
async function assertInvalid(call: Promise<unknown>, field: string): Promise<void> {
  await assert.rejects(call, (error) => {
    assert.ok(error instanceof RpcError);
    assert.equal(error.code, Code.InvalidArgument);
    assert.ok(
      error.message.includes(field) || JSON.stringify(error.details).includes(field),
      `${error.message}: ${field}`,
    );
    return true;
  });
}

suite("what callers leave out or get wrong", () => {
  const corner = { latitude: 0, longitude: 0 };

  test("an empty message is a point at 0, 0 for GetFeature", async () => {
    const feature = await guide.client.getFeature({});
    assert.equal(feature.name, "");
    assert.deepEqual([feature.location?.latitude, feature.location?.longitude], [0, 0]);
    await victim.assertUnhurt();
  });

  test("a rectangle without a corner, or without both, is refused by ListFeatures", async () => {
    await assertInvalid(all(guide.client.listFeatures({})), "lo");
    await assertInvalid(all(guide.client.listFeatures({ lo: corner })), "hi");
    await assertInvalid(all(guide.client.listFeatures({ hi: corner })), "lo");
    await victim.assertUnhurt();
  });

  test("empty points, and no points, are a route for RecordRoute", async () => {
    assert.equal((await guide.client.recordRoute([{}, {}, {}])).pointCount, 3);
    assert.equal((await guide.client.recordRoute([])).pointCount, 0);
    await victim.assertUnhurt();
  });

  test("a note without a location is refused by RouteChat", async () => {
    await assertInvalid(all(guide.client.routeChat([{ message: "where?" }])), "location");
    await assertInvalid(all(guide.client.routeChat([{}])), "location");
    await victim.assertUnhurt();
  });

  test("points out of range are refused by every call", async () => {
    for (const far of [
      { latitude: 900_000_001, longitude: 0 },
      { latitude: -2_147_483_648, longitude: 0 },
    ]) {
      await assertInvalid(guide.client.getFeature(far), "latitude");
      await assertInvalid(all(guide.client.listFeatures({ lo: far, hi: corner })), "latitude");
      await assertInvalid(all(guide.client.listFeatures({ lo: corner, hi: far })), "latitude");
      await assertInvalid(guide.client.recordRoute([corner, far]), "latitude");
      await assertInvalid(all(guide.client.routeChat([{ location: far, message: "far" }])), "latitude");
    }
    const west = { latitude: 0, longitude: -1_800_000_001 };
    await assertInvalid(guide.client.getFeature(west), "longitude");
    await assertInvalid(guide.client.recordRoute([west]), "longitude");
    await victim.assertUnhurt();
  });
});

test("a chat's response headers come before its first note", async () => {
  using peer = await dialRaw(victim.address);
  peer.begin();
  peer.request(1, 0, requestOf("RouteChat"));
  assert.ok(await peer.frame(({ type, stream }) => type === frames.Type.Headers && stream === 1));
});
