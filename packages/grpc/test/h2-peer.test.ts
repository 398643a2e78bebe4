import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { H2Peer, REQUEST } from "./h2-peer.js";
import { data, ErrorCode, Flags, frame, goAway, reset, Type } from "./h2-peer-frames.js";
import { connectPeer, listenPeer } from "./h2-peer-socket.js";

/** A client and a server that talk to each other. */
function pair(): { client: H2Peer; server: H2Peer } {
  const client: H2Peer = new H2Peer("client", (bytes) => server.came(bytes));
  const server: H2Peer = new H2Peer("server", (bytes) => client.came(bytes));
  return { client, server };
}

test("what one raw peer writes the other lists, whole or an octet at a time", () => {
  const { client, server } = pair();
  client.begin([1, 0]);
  client.request(1, 0);
  client.writeSlowly(data(1, [1, 2]), data(1, [3], Flags.EndStream));
  assert.deepEqual(
    server.take().map(({ type }) => type),
    [Type.Settings, Type.Settings, Type.Headers, Type.Data, Type.Data],
  );
  assert.deepEqual(server.fieldsOf(server.ofType(Type.Headers)[0]), REQUEST);
  assert.deepEqual([...server.bodyOf(1)], [1, 2, 3]);
  server.write(reset(1, ErrorCode.RefusedStream), goAway(1, ErrorCode.EnhanceYourCalm, "peer_resets"));
  assert.equal(client.resetOf(1), ErrorCode.RefusedStream);
  assert.deepEqual(client.goneAway, { lastStream: 1, code: ErrorCode.EnhanceYourCalm, name: "peer_resets" });
  assert.deepEqual(server.take(), []);
});

test("frames are listed alike however their bytes are cut", () => {
  const bytes = Buffer.concat([frame(7, 3, 9, [1, 2, 3]), frame(200, 255, 2 ** 31 - 1), data(1, new Uint8Array(300))]);
  const whole = new H2Peer("client", () => {});
  whole.came(bytes);
  assert.equal(whole.frames.length, 3);
  fc.assert(
    fc.property(fc.array(fc.nat({ max: bytes.length })), (cuts) => {
      const peer = new H2Peer("client", () => {});
      const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      for (let i = 0; i + 1 < edges.length; i++) peer.came(bytes.subarray(edges[i], edges[i + 1]));
      assert.deepEqual(peer.frames, whole.frames);
    }),
  );
});

test("raw peers talk over sockets, and wait for frames and for the end", async () => {
  await using listener = await listenPeer(async (server) => {
    const request = await server.frame(({ type }) => type === Type.Headers);
    if (request !== undefined) server.respond(request.stream, Flags.EndStream);
    server.socket.end();
  });
  using client = await connectPeer({ port: listener.port, host: "127.0.0.1" });
  client.begin();
  client.request(1);
  assert.deepEqual(client.fieldsOf(await client.frame(({ type }) => type === Type.Headers)).slice(0, 2), [
    ":status",
    "200",
  ]);
  await client.ended();
  assert.equal(await client.frame(({ type }) => type === Type.GoAway), undefined);
});
