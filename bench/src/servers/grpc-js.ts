/** RouteGuide on grpc-js with the options of its documentation: --places FILE --port N [--tls-cert FILE --tls-key FILE] */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import {
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import type { Feature, Note, Point, Rectangle } from "../data.js";
import { Domain } from "./domain.js";

const { values } = parseArgs({
  options: {
    places: { type: "string" },
    port: { type: "string" },
    "tls-cert": { type: "string" },
    "tls-key": { type: "string" },
  },
});
const { "tls-cert": cert, "tls-key": key } = values;
const domain = new Domain(values.places ?? "");
const proto = createRequire(import.meta.url).resolve("routeguide/proto/route_guide.proto");
const loaded = loadPackageDefinition(loadSync(proto, { longs: String, enums: String, defaults: true, oneofs: true }));
// proto-loader knows the names only when it runs.
const { routeguide } = loaded as unknown as {
  routeguide: { RouteGuide: { service: Parameters<Server["addService"]>[0] } };
};

const server = new Server();
server.addService(routeguide.RouteGuide.service, {
  GetFeature(call: ServerUnaryCall<Point, Feature>, reply: sendUnaryData<Feature>) {
    reply(null, domain.feature(call.request));
  },

  async ListFeatures(call: ServerWritableStream<Rectangle, Feature>) {
    for (const feature of domain.inside(call.request)) {
      if (!call.write(feature) && !call.cancelled) await once(call, "drain");
    }
    call.end();
  },

  RecordRoute(call: ServerReadableStream<Point, unknown>, reply: sendUnaryData<unknown>) {
    const recorder = domain.recorder();
    call.on("data", (point: Point) => recorder.add(point));
    call.on("end", () => reply(null, recorder.summary()));
  },

  RouteChat(call: ServerDuplexStream<Note, Note>) {
    const listener = (note: Note) => void call.write(note);
    call.on("data", (note: Note) => {
      for (const kept of domain.post(note, listener)) call.write(kept);
    });
    call.on("end", () => {
      domain.leave(listener);
      call.end();
    });
    call.on("cancelled", () => domain.leave(listener));
  },
});
const credentials =
  cert === undefined || key === undefined
    ? ServerCredentials.createInsecure()
    : ServerCredentials.createSsl(null, [{ cert_chain: readFileSync(cert), private_key: readFileSync(key) }]);
server.bindAsync(`127.0.0.1:${values.port}`, credentials, (error) => {
  if (error !== null) throw error;
});
process.once("SIGTERM", () => process.exit());
