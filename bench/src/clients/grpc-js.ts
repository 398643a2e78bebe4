/** grpc-js's client under measurement, with the options of its documentation: see harness.ts. */
import { once } from "node:events";
import { createRequire } from "node:module";
import {
  type ClientDuplexStream,
  type ClientReadableStream,
  type ClientWritableStream,
  credentials,
  loadPackageDefinition,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { EVERYWHERE, type Feature, KNOWN, type Note, type Point, type Rectangle } from "../data.js";
import { checkNote, checkRoute, MESSAGE, measureClient, points, port, randomLatitude, repeat } from "./harness.js";

type Reply<T> = (error: Error | null, message: T) => void;

/** What proto-loader makes of the contract, which it knows only when it runs. */
interface RouteGuideClient {
  close(): void;
  getFeature(point: Point, reply: Reply<Feature>): void;
  listFeatures(rectangle: Rectangle): ClientReadableStream<Feature>;
  recordRoute(reply: Reply<{ pointCount: number }>): ClientWritableStream<Point>;
  routeChat(): ClientDuplexStream<Note, Note>;
}

const proto = createRequire(import.meta.url).resolve("routeguide/proto/route_guide.proto");
const loaded = loadPackageDefinition(loadSync(proto, { longs: String, enums: String, defaults: true, oneofs: true }));
const { routeguide } = loaded as unknown as {
  routeguide: { RouteGuide: new (address: string, credentials: unknown) => RouteGuideClient };
};
const client = new routeguide.RouteGuide(`127.0.0.1:${port}`, credentials.createInsecure());

await measureClient({
  get: (isOver, took) =>
    repeat(() => promised<Feature>((reply) => client.getFeature(KNOWN, reply)).then(({ name }) => name), isOver, took),

  async list(isOver) {
    let features = 0;
    while (!isOver()) {
      const call = client.listFeatures(EVERYWHERE);
      call.on("data", ({ name }: Feature) => {
        if (name !== undefined) features++;
      });
      await once(call, "end");
    }
    return features;
  },

  async record(isOver) {
    let sent = 0;
    while (!isOver()) {
      const { pointCount } = await promised<{ pointCount: number }>((reply) => void upload(client.recordRoute(reply)));
      sent += checkRoute(pointCount);
    }
    return sent;
  },

  async chat(isOver) {
    const latitude = randomLatitude();
    const call = client.routeChat();
    let turns = 0;
    const post = () => call.write({ location: { latitude, longitude: turns }, message: MESSAGE });
    post();
    call.on("data", (note: Note) => {
      checkNote(note, { latitude, longitude: turns });
      turns++;
      if (isOver()) call.end();
      else post();
    });
    await once(call, "end");
    return turns;
  },
});
client.close();

async function upload(call: ClientWritableStream<Point>): Promise<void> {
  for (const point of points()) if (!call.write(point)) await once(call, "drain");
  call.end();
}

function promised<T>(call: (reply: Reply<T>) => void): Promise<T> {
  return new Promise((resolve, reject) =>
    call((error, message) => (error === null ? resolve(message) : reject(error))),
  );
}
