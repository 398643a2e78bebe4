/** improbable-eng's grpc-web, over HTTP and over its WebSocket. */
import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { grpc } from "@improbable-eng/grpc-web";
import { type Check, equal, holds, INVALID_ARGUMENT, type Place } from "./check.js";
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

const service = { serviceName: "routeguide.RouteGuide" };
const GET_FEATURE = {
  methodName: "GetFeature",
  service,
  requestStream: false,
  responseStream: false,
  requestType: Point,
  responseType: Feature,
};
const LIST_FEATURES = {
  methodName: "ListFeatures",
  service,
  requestStream: false,
  responseStream: true,
  requestType: Rectangle,
  responseType: Feature,
};
const RECORD_ROUTE = {
  methodName: "RecordRoute",
  service,
  requestStream: true,
  responseStream: false,
  requestType: Point,
  responseType: RouteSummary,
};
const ROUTE_CHAT = {
  methodName: "RouteChat",
  service,
  requestStream: true,
  responseStream: true,
  requestType: RouteNote,
  responseType: RouteNote,
};

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

type Run = (transport: grpc.TransportFactory, place: Place) => Promise<void>;

const CHECKS: Readonly<Record<string, Run>> = {
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

const STREAMING_CHECKS: typeof CHECKS = {
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

const TRANSPORTS: readonly [name: string, make: () => grpc.TransportFactory, checks: typeof CHECKS][] = [
  ["HTTP", () => grpc.CrossBrowserHttpTransport({}), CHECKS],
  ["WebSocket", () => grpc.WebsocketTransport(), { ...CHECKS, ...STREAMING_CHECKS }],
];

export const improbable: readonly Check[] = TRANSPORTS.flatMap(([name, make, checks]) =>
  Object.entries(checks).map(([title, run]) => ({
    title: `improbable-eng/grpc-web, ${name}: ${title}`,
    run: (place: Place) => run(make(), place),
  })),
);

export const improbableRefused: readonly Check[] = TRANSPORTS.map(([name, make]) => ({
  title: `improbable-eng/grpc-web, ${name}: is refused`,
  async run(place) {
    const { code } = await call(GET_FEATURE, place, make(), [Point.of(NEW_YORK)]);
    holds(code !== 0, "the call ended well");
  },
}));
