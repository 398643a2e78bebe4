/** nice-grpc-web, over fetch and over the WebSocket dialect of improbable-eng. */
import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { createChannel, createClient, FetchTransport, WebsocketTransport } from "nice-grpc-web";
import {
  type Check,
  type Checks,
  checksOf,
  collect,
  equal,
  fails,
  holds,
  INVALID_ARGUMENT,
  type Place,
  refusalsOf,
  type Way,
} from "./check.js";
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

/** A method as its code generators would make it of the contract. */
const method = <I extends DescMessage, O extends DescMessage, R extends boolean, S extends boolean>(
  name: string,
  [request, requestStream]: [request: I, isStream: R],
  [response, responseStream]: [response: O, isStream: S],
) => ({
  path: `/routeguide.RouteGuide/${name}`,
  requestStream,
  responseStream,
  requestSerialize: encode(request) as (message: MessageInitShape<I>) => Uint8Array,
  requestDeserialize: decode(request),
  responseSerialize: encode(response),
  responseDeserialize: decode(response),
  options: {},
});

const DEFINITION = {
  getFeature: method("GetFeature", [PointSchema, false], [FeatureSchema, false]),
  listFeatures: method("ListFeatures", [RectangleSchema, false], [FeatureSchema, true]),
  recordRoute: method("RecordRoute", [PointSchema, true], [RouteSummarySchema, false]),
  routeChat: method("RouteChat", [RouteNoteSchema, true], [RouteNoteSchema, true]),
};

type Transport = ReturnType<typeof FetchTransport>;

const over =
  (transport: () => Transport) =>
  ({ baseUrl }: Place) =>
    createClient(DEFINITION, createChannel(baseUrl, transport()));

type NiceClient = ReturnType<ReturnType<typeof over>>;

const CHECKS: Checks<NiceClient> = {
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

const STREAMING_CHECKS: Checks<NiceClient> = {
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

const WAYS: readonly Way<NiceClient>[] = [
  ["FetchTransport", over(() => FetchTransport()), CHECKS],
  ["WebsocketTransport", over(() => WebsocketTransport()), { ...CHECKS, ...STREAMING_CHECKS }],
];

export const niceGrpcWeb: readonly Check[] = checksOf("nice-grpc-web", WAYS);

export const niceGrpcWebRefused: readonly Check[] = refusalsOf("nice-grpc-web", WAYS, (client) =>
  client.getFeature(NEW_YORK),
);
