/** RouteGuide on grpc-js: callbacks and streams, and a contract read at run time. */
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
import {
  isBetween,
  isSame,
  keyOf,
  type Place,
  type Point,
} from "./geometry.js";

type Answer = sendUnaryData<object>;
interface Area {
  readonly lo: Point | null;
  readonly hi: Point | null;
}
interface Note {
  readonly location: Point | null;
  readonly message: string;
}

export function routeGuide(places: readonly Place[]) {
  const notes = new Map<string, readonly Note[]>();
  return {
    getFeature({ request }: ServerUnaryCall<Point, object>, answer: Answer) {
      answer(
        null,
        places.find(({ location }) => isSame(location, request)) ?? {
          location: request,
        },
      );
    },

    async listFeatures(call: ServerWritableStream<Area, Place>) {
      const { lo, hi } = call.request;
      if (lo === null || hi === null) {
        const details = "a corner is missing";
        call.emit("error", { code: status.INVALID_ARGUMENT, details });
        return;
      }
      for (const place of places) {
        if (call.cancelled) return;
        if (!isBetween(place.location, lo, hi)) continue;
        // Without this line a slow reader fills the server's memory.
        if (!call.write(place)) await roomIn(call);
      }
      call.end();
    },

    recordRoute(call: ServerReadableStream<Point, object>, answer: Answer) {
      let pointCount = 0;
      call.on("data", () => pointCount++);
      call.on("end", () => answer(null, { pointCount }));
    },

    routeChat(call: ServerDuplexStream<Note, Note>) {
      call.on("data", (note: Note) => {
        const left = [
          ...(notes.get(keyOf(note.location ?? undefined)) ?? []),
          note,
        ];
        notes.set(keyOf(note.location ?? undefined), left);
        for (const each of left) call.write(each);
      });
      call.on("end", () => call.end());
    },
  };
}

/** Waits until a stream takes more, or its client has gone. */
function roomIn(call: ServerWritableStream<Area, Place>): Promise<void> {
  return new Promise((resolve) => {
    call.once("drain", resolve).once("cancelled", resolve);
  });
}

/** @param proto the path of route_guide.proto */
export async function serve(
  places: readonly Place[],
  port: number,
  proto: string,
): Promise<Server> {
  const { routeguide } = loadPackageDefinition(
    loadSync(proto, { defaults: true }),
  ) as unknown as {
    routeguide: { RouteGuide: ServiceClientConstructor };
  };
  const server = new Server();
  server.addService(routeguide.RouteGuide.service, routeGuide(places));
  const credentials = ServerCredentials.createInsecure();
  await new Promise<void>((resolve, reject) =>
    server.bindAsync(`127.0.0.1:${port}`, credentials, (error) =>
      error === null ? resolve() : reject(error),
    ),
  );
  return server;
}
