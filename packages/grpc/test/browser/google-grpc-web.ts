/** Google's grpc-web, in its binary and its text mode. Only the text mode can stream. */
import { type ClientReadableStream, GrpcWebClientBase, MethodDescriptor } from "grpc-web";
import {
  type Check,
  type Checks,
  checksOf,
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
  NEW_YORK,
  NEW_YORK_NAME,
  PointSchema,
  RectangleSchema,
  WORLD,
  WRONG,
} from "./world.js";

type Point = typeof NEW_YORK;
type Area = typeof AREA;
interface Feature {
  readonly name: string;
}

/** Its descriptors name classes that none of our messages has; they are never used. */
class None {}
const none = None as unknown as new () => never;

const GET_FEATURE = new MethodDescriptor<Point, Feature>(
  "/routeguide.RouteGuide/GetFeature",
  "unary",
  none,
  none,
  encode(PointSchema),
  decode(FeatureSchema),
);
const LIST_FEATURES = new MethodDescriptor<Area, Feature>(
  "/routeguide.RouteGuide/ListFeatures",
  "server_streaming",
  none,
  none,
  encode(RectangleSchema),
  decode(FeatureSchema),
);

class GoogleClient {
  readonly #base: GrpcWebClientBase;
  readonly #baseUrl: string;

  constructor(format: string, { baseUrl }: Place) {
    this.#base = new GrpcWebClientBase({ format });
    this.#baseUrl = baseUrl;
  }

  getFeature(point: Point): Promise<Feature> {
    return this.#base.unaryCall(`${this.#baseUrl}${GET_FEATURE.getName()}`, point, {}, GET_FEATURE);
  }

  listFeatures(area: Area): ClientReadableStream<Feature> {
    return this.#base.serverStreaming(`${this.#baseUrl}${LIST_FEATURES.getName()}`, area, {}, LIST_FEATURES);
  }
}

function namesOf(stream: ClientReadableStream<Feature>): Promise<string[]> {
  const names: string[] = [];
  return new Promise((resolve, reject) => {
    stream.on("data", ({ name }) => void names.push(name));
    stream.on("error", reject);
    stream.on("end", () => resolve(names));
  });
}

const CHECKS: Checks<GoogleClient> = {
  async "makes calls, and reads errors"(client) {
    equal((await client.getFeature(NEW_YORK)).name, NEW_YORK_NAME);
    const error = await fails(client.getFeature(WRONG), INVALID_ARGUMENT);
    holds(error.message.includes("latitude"), error.message);
    const { metadata } = error as unknown as { metadata: Record<string, string> };
    holds((metadata["grpc-status-details-bin"] ?? "") !== "", "the error has no details");
  },
};

const STREAMING_CHECKS: Checks<GoogleClient> = {
  async "reads streams"(client, { placeCount }) {
    const names = await namesOf(client.listFeatures(AREA));
    holds(names.includes(NEW_YORK_NAME), `the area has ${names}`);
    equal((await namesOf(client.listFeatures(WORLD))).length, placeCount, "places");
  },

  async "reads a stream's error"(client) {
    await fails(namesOf(client.listFeatures({ lo: WRONG, hi: WRONG })), INVALID_ARGUMENT);
  },

  async "cancels a stream"(client) {
    const stream = client.listFeatures(WORLD);
    await new Promise<void>((resolve) => void stream.on("data", () => resolve()));
    stream.cancel();
    equal((await client.getFeature(NEW_YORK)).name, NEW_YORK_NAME);
  },
};

const WAYS: readonly Way<GoogleClient>[] = [
  ["binary", (place) => new GoogleClient("binary", place), CHECKS],
  ["text", (place) => new GoogleClient("text", place), { ...CHECKS, ...STREAMING_CHECKS }],
];

export const googleGrpcWeb: readonly Check[] = checksOf("grpc-web", WAYS);

export const googleGrpcWebRefused: readonly Check[] = refusalsOf("grpc-web", WAYS, (client) =>
  client.getFeature(NEW_YORK),
);
