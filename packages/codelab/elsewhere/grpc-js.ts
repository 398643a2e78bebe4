/** RouteGuide on grpc-js: callbacks and streams of Node, and a contract that is read when the program starts. */
import {
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceClientConstructor,
  type sendUnaryData,
  status,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { isBetween, isSame, keyOf, type Place, type Point } from "./geometry.js";

interface Note {
  readonly location: Point | null;
  readonly message: string;
}

export function routeGuide(places: readonly Place[]) {
  const notes = new Map<string, readonly Note[]>();
  return {
    getFeature({ request }: ServerUnaryCall<Point, object>, callback: sendUnaryData<object>) {
      callback(null, places.find(({ location }) => isSame(location, request)) ?? { location: request });
    },

    async listFeatures(call: ServerWritableStream<{ lo: Point | null; hi: Point | null }, Place>) {
      const { lo, hi } = call.request;
      if (lo === null || hi === null) {
        call.emit("error", { code: status.INVALID_ARGUMENT, details: "a corner is missing" });
        return;
      }
      for (const place of places) {
        if (call.cancelled) return;
        if (!isBetween(place.location, lo, hi)) continue;
        // Without this line a slow reader fills the server's memory.
        if (!call.write(place)) await new Promise((resolve) => call.once("drain", resolve).once("cancelled", resolve));
      }
      call.end();
    },

    recordRoute(call: ServerReadableStream<Point, object>, callback: sendUnaryData<object>) {
      let pointCount = 0;
      call.on("data", () => pointCount++);
      call.on("end", () => callback(null, { pointCount }));
    },

    routeChat(call: ServerDuplexStream<Note, Note>) {
      call.on("data", (note: Note) => {
        const left = [...(notes.get(keyOf(note.location ?? undefined)) ?? []), note];
        notes.set(keyOf(note.location ?? undefined), left);
        for (const each of left) call.write(each);
      });
      call.on("end", () => call.end());
    },
  };
}

/** @param proto the path of route_guide.proto */
export async function serve(places: readonly Place[], port: number, proto: string): Promise<Server> {
  const { routeguide } = loadPackageDefinition(loadSync(proto, { defaults: true })) as unknown as {
    routeguide: { RouteGuide: ServiceClientConstructor };
  };
  const server = new Server();
  server.addService(routeguide.RouteGuide.service, routeGuide(places));
  const credentials = ServerCredentials.createInsecure();
  await new Promise<void>((resolve, reject) =>
    server.bindAsync(`127.0.0.1:${port}`, credentials, (error) => (error === null ? resolve() : reject(error))),
  );
  return server;
}
