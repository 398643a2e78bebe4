/** RouteGuide on Connect-ES: the same handlers, and another server around them. */
import { createServer, type Http2Server } from "node:http2";
import { Code, ConnectError, type ServiceImpl } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import {
  RouteGuide,
  type RouteNote,
} from "../src/gen/routeguide/route_guide_pb.js";
import { isBetween, isSame, keyOf, type Place } from "./geometry.js";

export function routeGuide(
  places: readonly Place[],
): ServiceImpl<typeof RouteGuide> {
  const notes = new Map<string, readonly RouteNote[]>();
  return {
    getFeature: (point) =>
      places.find(({ location }) => isSame(location, point)) ?? {
        location: point,
      },

    async *listFeatures({ lo, hi }) {
      if (lo === undefined || hi === undefined) {
        throw new ConnectError("a corner is missing", Code.InvalidArgument);
      }
      for (const place of places) {
        if (isBetween(place.location, lo, hi)) yield place;
      }
    },

    async recordRoute(points) {
      let pointCount = 0;
      for await (const _ of points) pointCount++;
      return { pointCount };
    },

    async *routeChat(received) {
      for await (const note of received) {
        const left = [...(notes.get(keyOf(note.location)) ?? []), note];
        notes.set(keyOf(note.location), left);
        yield* left;
      }
    },
  };
}

export function serve(places: readonly Place[], port: number): Http2Server {
  const routes = connectNodeAdapter({
    routes: (router) => router.service(RouteGuide, routeGuide(places)),
  });
  return createServer(routes).listen(port, "127.0.0.1");
}
