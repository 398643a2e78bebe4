/** nice-grpc-web, over fetch and over the WebSocket dialect of improbable-eng. */
import type { MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { createChannel, createClient, FetchTransport, WebsocketTransport } from "nice-grpc-web";
import { type Check, collect, equal, fails, holds, INVALID_ARGUMENT, type Place } from "./check.js";
import {
  AREA,
  decode,
  encode,
  FeatureSchema,
  freshPoint,
  NEW_YORK,
  NEW_YORK_NAME,
  PointSchema,
  RectangleSchema,
  ROUTE,
  RouteNoteSchema,
  RouteSummarySchema,
  WORLD,
  WRONG,
} from "./world.js";

type In<D extends typeof PointSchema | typeof RectangleSchema | typeof RouteNoteSchema> = MessageInitShape<D>;

/** What its code generators would make of the contract. */
const DEFINITION = {
  getFeature: {
    path: "/routeguide.RouteGuide/GetFeature",
    requestStream: false,
    responseStream: false,
    requestSerialize: encode(PointSchema) as (point: In<typeof PointSchema>) => Uint8Array,
    requestDeserialize: decode(PointSchema),
    responseSerialize: encode(FeatureSchema),
    responseDeserialize: decode(FeatureSchema),
    options: {},
  },
  listFeatures: {
    path: "/routeguide.RouteGuide/ListFeatures",
    requestStream: false,
    responseStream: true,
    requestSerialize: encode(RectangleSchema) as (area: In<typeof RectangleSchema>) => Uint8Array,
    requestDeserialize: decode(RectangleSchema),
    responseSerialize: encode(FeatureSchema),
    responseDeserialize: decode(FeatureSchema),
    options: {},
  },
  recordRoute: {
    path: "/routeguide.RouteGuide/RecordRoute",
    requestStream: true,
    responseStream: false,
    requestSerialize: encode(PointSchema) as (point: In<typeof PointSchema>) => Uint8Array,
    requestDeserialize: decode(PointSchema),
    responseSerialize: encode(RouteSummarySchema),
    responseDeserialize: decode(RouteSummarySchema),
    options: {},
  },
  routeChat: {
    path: "/routeguide.RouteGuide/RouteChat",
    requestStream: true,
    responseStream: true,
    requestSerialize: encode(RouteNoteSchema) as (note: In<typeof RouteNoteSchema>) => Uint8Array,
    requestDeserialize: decode(RouteNoteSchema),
    responseSerialize: encode(RouteNoteSchema),
    responseDeserialize: decode(RouteNoteSchema),
    options: {},
  },
} as const;

type Transport = ReturnType<typeof FetchTransport>;

const clientOf = (transport: Transport, { baseUrl }: Place) =>
  createClient(DEFINITION, createChannel(baseUrl, transport));

type NiceClient = ReturnType<typeof clientOf>;

const CHECKS: Readonly<Record<string, (client: NiceClient, place: Place) => Promise<void>>> = {
  async "makes calls, and reads errors"(client) {
    const feature: MessageShape<typeof FeatureSchema> = await client.getFeature(NEW_YORK);
    equal(feature.name, NEW_YORK_NAME);
    const error = await fails(client.getFeature(WRONG), INVALID_ARGUMENT);
    holds(error.message.includes("latitude"), error.message);
  },

  async "reads streams, all of them and until it has enough"(client, { placeCount }) {
    const names = (await collect(client.listFeatures(AREA))).map(({ name }) => name);
    holds(names.includes(NEW_YORK_NAME), `the area has ${names}`);
    for await (const _ of client.listFeatures(WORLD)) break;
    equal((await collect(client.listFeatures(WORLD))).length, placeCount, "places");
  },

  async "sends and reads metadata"(client) {
    let type: string | undefined;
    await client.getFeature(NEW_YORK, {
      onHeader: (header) => {
        type = header.get("content-type");
      },
    });
    equal(type, "application/grpc-web+proto", "content-type");
  },
};

const STREAMING_CHECKS: typeof CHECKS = {
  async "sends streams"(client) {
    async function* route() {
      yield* ROUTE;
    }
    equal((await client.recordRoute(route())).pointCount, 2);
  },

  async chats(client) {
    const location = freshPoint();
    let goOn: () => void = () => {};
    const answered = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    async function* notes() {
      yield { location, message: "one" };
      await answered;
      yield { location, message: "two" };
    }
    const messages: string[] = [];
    for await (const { message } of client.routeChat(notes())) {
      messages.push(message);
      goOn();
    }
    equal(messages, ["one", "one", "two"]);
  },

  async "sends a large route"(client) {
    async function* points() {
      for (let i = 0; i < 5_000; i++) yield { latitude: 400_000_000 + i, longitude: -740_000_000 };
    }
    equal((await client.recordRoute(points())).pointCount, 5_000);
  },
};

const TRANSPORTS: readonly [name: string, make: () => Transport, checks: typeof CHECKS][] = [
  ["FetchTransport", () => FetchTransport(), CHECKS],
  ["WebsocketTransport", () => WebsocketTransport(), { ...CHECKS, ...STREAMING_CHECKS }],
];

export const niceGrpcWeb: readonly Check[] = TRANSPORTS.flatMap(([name, make, checks]) =>
  Object.entries(checks).map(([title, run]) => ({
    title: `nice-grpc-web, ${name}: ${title}`,
    run: (place: Place) => run(clientOf(make(), place), place),
  })),
);

export const niceGrpcWebRefused: readonly Check[] = TRANSPORTS.map(([name, make]) => ({
  title: `nice-grpc-web, ${name}: is refused`,
  async run(place) {
    const error: unknown = await clientOf(make(), place)
      .getFeature(NEW_YORK)
      .catch((reason: unknown) => reason);
    holds(error instanceof Error, "the call ended well");
  },
}));
