/** Connect's own client for browsers. */
import { type Client, createClient, type Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";
import { BadRequestSchema } from "@routeguide/grpc/details";
import {
  CANCELLED,
  type Check,
  type Checks,
  checksOf,
  collect,
  DEADLINE_EXCEEDED,
  equal,
  fails,
  holds,
  INVALID_ARGUMENT,
  type Place,
  refusalsOf,
  type Way,
} from "./check.js";
import { AREA, NEW_YORK, NEW_YORK_NAME, RouteGuide, WORLD, WRONG } from "./world.js";

type ConnectClient = Client<typeof RouteGuide>;

const CHECKS: Checks<ConnectClient> = {
  async "makes calls, and reads errors with details"(client) {
    equal((await client.getFeature(NEW_YORK)).name, NEW_YORK_NAME);
    const error = await fails(client.getFeature(WRONG), INVALID_ARGUMENT);
    const details = (error as unknown as { findDetails(desc: typeof BadRequestSchema): unknown[] }).findDetails(
      BadRequestSchema,
    );
    equal(details.length, 1, "details");
  },

  async "reads streams, all of them and until it has enough"(client, { placeCount }) {
    const names = (await collect(client.listFeatures(AREA))).map(({ name }) => name);
    holds(names.includes(NEW_YORK_NAME), `the area has ${names}`);
    for await (const _ of client.listFeatures(WORLD)) break;
    equal((await collect(client.listFeatures(WORLD))).length, placeCount, "places");
  },

  async "cancels, and keeps deadlines"(client) {
    const abort = new AbortController();
    const reading = (async () => {
      for await (const _ of client.listFeatures(WORLD, { signal: abort.signal })) abort.abort();
    })();
    await fails(reading, CANCELLED);
    await fails(collect(client.listFeatures(WORLD, { timeoutMs: 1 })), DEADLINE_EXCEEDED);
  },
};

const over =
  (open: (place: Place) => Transport) =>
  (place: Place): ConnectClient =>
    createClient(RouteGuide, open(place));

const WAYS: readonly Way<ConnectClient>[] = [
  ["Connect", over(({ baseUrl }) => createConnectTransport({ baseUrl, useBinaryFormat: true })), CHECKS],
  ["Connect with JSON", over(({ baseUrl }) => createConnectTransport({ baseUrl })), CHECKS],
  ["Connect with GET", over(({ baseUrl }) => createConnectTransport({ baseUrl, useHttpGet: true })), CHECKS],
  ["gRPC-Web", over(({ baseUrl }) => createGrpcWebTransport({ baseUrl })), CHECKS],
  ["gRPC-Web with JSON", over(({ baseUrl }) => createGrpcWebTransport({ baseUrl, useBinaryFormat: false })), CHECKS],
];

export const connectWeb: readonly Check[] = checksOf("connect-web", WAYS);

export const connectWebRefused: readonly Check[] = refusalsOf("connect-web", WAYS, (client) =>
  client.getFeature(NEW_YORK),
);
