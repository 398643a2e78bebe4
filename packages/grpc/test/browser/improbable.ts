/** improbable-eng's grpc-web, over HTTP and over its WebSocket. */
import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { grpc } from "@improbable-eng/grpc-web";
import {
  type Check,
  type Checks,
  checksOf,
  equal,
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

/** The part of google-protobuf's messages that it needs, around one of ours. */
interface Wrapped<D extends DescMessage> extends grpc.ProtobufMessage {
  readonly value: MessageShape<D> | MessageInitShape<D>;
}

interface WrappedClass<D extends DescMessage> extends grpc.ProtobufMessageClass<Wrapped<D>> {
  of(value: MessageInitShape<D>): Wrapped<D>;
}

function wrap<D extends DescMessage>(desc: D): WrappedClass<D> {
  const toBytes = encode(desc);
  const fromBytes = decode(desc);
  return class Message implements Wrapped<D> {
    value: MessageShape<D> | MessageInitShape<D> = {} as MessageInitShape<D>;
    static of(value: MessageInitShape<D>): Message {
      const message = new Message();
      message.value = value;
      return message;
    }
    static deserializeBinary(bytes: Uint8Array): Message {
      const message = new Message();
      message.value = fromBytes(bytes);
      return message;
    }
    serializeBinary(): Uint8Array {
      return toBytes(this.value as MessageInitShape<D>);
    }
    toObject(): object {
      return this.value as object;
    }
  };
}

const Point = wrap(PointSchema);
const Rectangle = wrap(RectangleSchema);
const Feature = wrap(FeatureSchema);
const RouteNote = wrap(RouteNoteSchema);
const RouteSummary = wrap(RouteSummarySchema);

/** A method as its code generator would make it of the contract. */
const method = <I extends grpc.ProtobufMessage, O extends grpc.ProtobufMessage>(
  methodName: string,
  [requestType, requestStream]: [request: grpc.ProtobufMessageClass<I>, isStream: boolean],
  [responseType, responseStream]: [response: grpc.ProtobufMessageClass<O>, isStream: boolean],
): grpc.MethodDefinition<I, O> => ({
  methodName,
  service: { serviceName: "routeguide.RouteGuide" },
  requestStream,
  responseStream,
  requestType,
  responseType,
});

const GET_FEATURE = method("GetFeature", [Point, false], [Feature, false]);
const LIST_FEATURES = method("ListFeatures", [Rectangle, false], [Feature, true]);
const RECORD_ROUTE = method("RecordRoute", [Point, true], [RouteSummary, false]);
const ROUTE_CHAT = method("RouteChat", [RouteNote, true], [RouteNote, true]);

interface Ended<T> {
  readonly messages: readonly T[];
  readonly code: number;
  readonly message: string;
}

/** Makes a call; `answered` is told of each response, and may send more. */
function call<I extends grpc.ProtobufMessage, O extends grpc.ProtobufMessage>(
  method: grpc.MethodDefinition<I, O>,
  { baseUrl: host }: Place,
  transport: grpc.TransportFactory,
  requests: readonly I[],
  answered?: (client: grpc.Client<I, O>, count: number) => void,
): Promise<Ended<O>> {
  const messages: O[] = [];
  const client = grpc.client<I, O, grpc.MethodDefinition<I, O>>(method, { host, transport });
  return new Promise((resolve) => {
    client.onMessage((message) => {
      messages.push(message);
      answered?.(client, messages.length);
    });
    client.onEnd((code, message) => resolve({ messages, code, message }));
    client.start();
    for (const request of requests) client.send(request);
    if (answered === undefined) client.finishSend();
  });
}

const CHECKS: Checks<grpc.TransportFactory> = {
  async "makes calls, and reads errors"(transport, place) {
    const found = await call(GET_FEATURE, place, transport, [Point.of(NEW_YORK)]);
    equal([found.code, found.messages[0]?.value.name], [0, NEW_YORK_NAME]);
    const wrong = await call(GET_FEATURE, place, transport, [Point.of(WRONG)]);
    equal(wrong.code, INVALID_ARGUMENT, "code");
    holds(wrong.message.includes("latitude"), wrong.message);
  },

  async "reads streams"(transport, place) {
    const area = await call(LIST_FEATURES, place, transport, [Rectangle.of(AREA)]);
    equal(area.code, 0, "code");
    holds(
      area.messages.some(({ value }) => value.name === NEW_YORK_NAME),
      "New York is missing",
    );
    const world = await call(LIST_FEATURES, place, transport, [Rectangle.of(WORLD)]);
    equal([world.code, world.messages.length], [0, place.placeCount], "places");
  },
};

const STREAMING_CHECKS: Checks<grpc.TransportFactory> = {
  async "sends streams"(transport, place) {
    const { code, messages } = await call(RECORD_ROUTE, place, transport, ROUTE.map(Point.of));
    equal([code, messages[0]?.value.pointCount], [0, 2]);
  },

  async chats(transport, place) {
    const location = freshPoint();
    const one = RouteNote.of({ location, message: "one" });
    const { code, messages } = await call(ROUTE_CHAT, place, transport, [one], (client, count) => {
      if (count === 1) client.send(RouteNote.of({ location, message: "two" }));
      if (count === 1) client.finishSend();
    });
    equal([code, ...messages.map(({ value }) => value.message)], [0, "one", "one", "two"]);
  },
};

const WAYS: readonly Way<grpc.TransportFactory>[] = [
  ["HTTP", () => grpc.CrossBrowserHttpTransport({}), CHECKS],
  ["WebSocket", () => grpc.WebsocketTransport(), { ...CHECKS, ...STREAMING_CHECKS }],
];

export const improbable: readonly Check[] = checksOf("improbable-eng/grpc-web", WAYS);

export const improbableRefused: readonly Check[] = refusalsOf(
  "improbable-eng/grpc-web",
  WAYS,
  async (transport, place) => {
    const { code, message } = await call(GET_FEATURE, place, transport, [Point.of(NEW_YORK)]);
    if (code !== 0) throw new Error(message);
  },
);
