/** RouteGuide on connect-node over cleartext HTTP/2, all settings at their defaults: --places FILE --port N */
import { createServer } from "node:http2";
import { parseArgs } from "node:util";
import type { ServiceImpl } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { RouteGuide } from "routeguide";
import type { Note } from "../data.js";
import { Domain } from "./domain.js";
import { Inbox } from "./inbox.js";

const { values } = parseArgs({ options: { places: { type: "string" }, port: { type: "string" } } });
const domain = new Domain(values.places ?? "");

const impl: ServiceImpl<typeof RouteGuide> = {
  getFeature: (point) => domain.feature(point),

  async *listFeatures({ lo, hi }) {
    if (lo !== undefined && hi !== undefined) yield* domain.inside({ lo, hi });
  },

  async recordRoute(points) {
    const recorder = domain.recorder();
    for await (const point of points) recorder.add(point);
    return recorder.summary();
  },

  async *routeChat(notes) {
    const inbox = new Inbox<Note>();
    const listener = (note: Note) => inbox.add(note);
    const reading = (async () => {
      for await (const { location, message } of notes) {
        if (location === undefined) continue;
        for (const kept of domain.post({ location, message }, listener)) inbox.add(kept);
      }
      inbox.end();
    })();
    try {
      yield* inbox;
      await reading;
    } finally {
      domain.leave(listener);
    }
  },
};

createServer(connectNodeAdapter({ routes: (router) => router.service(RouteGuide, impl) })).listen(
  Number(values.port),
  "127.0.0.1",
);
process.once("SIGTERM", () => process.exit());
