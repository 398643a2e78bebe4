import assert from "node:assert/strict";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { Code, createClient, RpcError } from "@routeguide/grpc";
import { dial } from "@routeguide/grpc/node";
import { freePort } from "../src/check/free-port.js";
import { KNOWN, NOWHERE, PLACES } from "../src/check/places.js";
import { RouteGuide } from "../src/gen/routeguide/route_guide_pb.js";
import { packageRoot } from "../src/project/tree.js";
import { serve as serveConnect } from "./connect.js";
import { serve as serveGrpcJs } from "./grpc-js.js";

const SERVERS = {
  async "Connect-ES"(port: number) {
    const server = serveConnect(PLACES, port);
    await once(server, "listening");
    return async () => {
      server.close();
      await once(server, "close");
    };
  },
  async "grpc-js"(port: number) {
    const server = await serveGrpcJs(
      PLACES,
      port,
      join(packageRoot, "completed/routeguide/route_guide.proto"),
    );
    return async () => server.forceShutdown();
  },
};

for (const [name, start] of Object.entries(SERVERS)) {
  test(`the closing page's service on ${name} answers all four calls`, async () => {
    const port = await freePort();
    const stop = await start(port);
    try {
      await using transport = dial(`http://127.0.0.1:${port}`);
      const client = createClient(RouteGuide, transport, {
        defaults: { timeoutMs: 5000 },
      });
      assert.equal((await client.getFeature(KNOWN.location)).name, KNOWN.name);
      assert.equal((await client.getFeature(NOWHERE)).name, "");
      const found: string[] = [];
      for await (const feature of client.listFeatures({
        lo: KNOWN.location,
        hi: KNOWN.location,
      }))
        found.push(feature.name);
      assert.deepEqual(found, [KNOWN.name]);
      await assert.rejects(
        async () => {
          for await (const _ of client.listFeatures({}));
        },
        (error: unknown) =>
          error instanceof RpcError && error.code === Code.InvalidArgument,
      );
      assert.equal(
        (await client.recordRoute([KNOWN.location, NOWHERE])).pointCount,
        2,
      );
      const heard: string[] = [];
      const notes = ["a", "b"].map((message) => ({
        message,
        location: NOWHERE,
      }));
      for await (const { message } of client.routeChat(notes))
        heard.push(message);
      assert.deepEqual(heard, ["a", "a", "b"]);
    } finally {
      await stop();
    }
  });
}
