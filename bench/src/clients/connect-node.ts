/** connect-node's gRPC client under measurement, all settings at their defaults: see harness.ts. */
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { RouteGuide } from "routeguide";
import { EVERYWHERE, KNOWN, type Note } from "../data.js";
import { Outbox } from "../outbox.js";
import { checkNote, checkRoute, MESSAGE, measureClient, points, port, randomLatitude, repeat } from "./harness.js";

const baseUrl = `http://127.0.0.1:${port}`;
const sessionManager = new Http2SessionManager(baseUrl);
const client = createClient(RouteGuide, createGrpcTransport({ baseUrl, sessionManager }));

await measureClient({
  get: (isOver, took) => repeat(async () => (await client.getFeature(KNOWN)).name, isOver, took),

  async list(isOver) {
    let features = 0;
    while (!isOver()) {
      for await (const { name } of client.listFeatures(EVERYWHERE)) if (name !== undefined) features++;
    }
    return features;
  },

  async record(isOver) {
    let sent = 0;
    while (!isOver()) sent += checkRoute((await client.recordRoute(route())).pointCount);
    return sent;
  },

  async chat(isOver) {
    const latitude = randomLatitude();
    const outbox = new Outbox<Note>();
    let turns = 0;
    const post = () => outbox.put({ location: { latitude, longitude: turns }, message: MESSAGE });
    post();
    for await (const note of client.routeChat(outbox)) {
      checkNote(note, { latitude, longitude: turns });
      turns++;
      if (isOver()) outbox.put(undefined);
      else post();
    }
    return turns;
  },
});
sessionManager.abort();

async function* route() {
  yield* points();
}
