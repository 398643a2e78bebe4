/** Connect's own client for browsers. */
import { type Client, createClient, type Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";
import { BadRequestSchema } from "@routeguide/grpc/details";
import {
  CANCELLED,
  type Check,
  collect,
  DEADLINE_EXCEEDED,
  equal,
  fails,
  holds,
  INVALID_ARGUMENT,
  type Place,
} from "./check.js";
import { AREA, NEW_YORK, NEW_YORK_NAME, RouteGuide, WORLD, WRONG } from "./world.js";

const TRANSPORTS: Readonly<Record<string, (place: Place) => Transport>> = {
  Connect: ({ baseUrl }) => createConnectTransport({ baseUrl, useBinaryFormat: true }),
  "Connect with JSON": ({ baseUrl }) => createConnectTransport({ baseUrl }),
  "Connect with GET": ({ baseUrl }) => createConnectTransport({ baseUrl, useHttpGet: true }),
  "gRPC-Web": ({ baseUrl }) => createGrpcWebTransport({ baseUrl }),
  "gRPC-Web with JSON": ({ baseUrl }) => createGrpcWebTransport({ baseUrl, useBinaryFormat: false }),
};

const CHECKS: Readonly<Record<string, (client: Client<typeof RouteGuide>, place: Place) => Promise<void>>> = {
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

export const connectWeb: readonly Check[] = Object.entries(TRANSPORTS).flatMap(([name, open]) =>
  Object.entries(CHECKS).map(([title, run]) => ({
    title: `connect-web, ${name}: ${title}`,
    run: (place: Place) => run(createClient(RouteGuide, open(place)), place),
  })),
);

export const connectWebRefused: readonly Check[] = Object.entries(TRANSPORTS).map(([name, open]) => ({
  title: `connect-web, ${name}: is refused`,
  async run(place) {
    const call = createClient(RouteGuide, open(place)).getFeature(NEW_YORK);
    const error: unknown = await call.catch((reason: unknown) => reason);
    holds(error instanceof Error, "the call ended well");
  },
}));
