/**
 * Testing without a network: a client and a server in one process, joined in memory.
 *
 * Run it: npm run example -- mock
 * You see:
 *
 *     the summary is that of the mock: 42 m
 *     what the mock saw: 2 points
 *     a method that it does not mock: UNIMPLEMENTED
 */
import { Code, codeName, createClient, createServer, RpcError } from "@routeguide/grpc";
import { inMemory } from "@routeguide/grpc/testing";
import { RouteGuide, type RouteGuideClient } from "routeguide";
import { MOUNT_KISCO, NEW_YORK } from "./shared/places.js";

/** The code under test: it takes a client, and does not care where that leads. */
async function lengthOfTrip(client: RouteGuideClient): Promise<string> {
  const { distance } = await client.recordRoute([NEW_YORK, MOUNT_KISCO]);
  return `${distance} m`;
}

let seen = 0;
const mock = createServer().service(RouteGuide, {
  async recordRoute(points) {
    for await (const _ of points) seen++;
    return { distance: 42 };
  },
});

await using transport = inMemory(mock);
const client = createClient(RouteGuide, transport);
console.log(`the summary is that of the mock: ${await lengthOfTrip(client)}`);
console.log(`what the mock saw: ${seen} points`);

const error = RpcError.from(await client.getFeature(NEW_YORK).catch((reason: unknown) => reason));
console.log(`a method that it does not mock: ${codeName(error.code ?? Code.Unknown)}`);
