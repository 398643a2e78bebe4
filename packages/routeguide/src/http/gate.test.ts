import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient, createServer } from "@routeguide/grpc";
import { inMemory } from "@routeguide/grpc/testing";
import { RouteGuide } from "../contract/gen/routeguide/route_guide_pb.js";
import { Gate } from "./gate.js";

const server = () =>
  createServer().service(RouteGuide, {
    getFeature: (location) => ({ name: "here", location }),
    async recordRoute(points) {
      let pointCount = 0;
      for await (const _ of points) pointCount++;
      return { pointCount };
    },
  });

function closed() {
  const gate = new Gate();
  const transport = inMemory(gate);
  const client = createClient(RouteGuide, transport);
  return { gate, client, [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose]() };
}

/** Resolves when calls that were made have reached the other side. */
const turn = () => new Promise(setImmediate);

test("calls that come before the gate opens wait, and are answered in their order", async () => {
  await using waiting = closed();
  const { gate, client } = waiting;
  const order: number[] = [];
  const calls = [1, 2, 3].map(async (latitude) => {
    const { location } = await client.getFeature({ latitude });
    order.push(location?.latitude ?? 0);
  });
  const route = client.recordRoute([{ latitude: 1 }, { latitude: 2 }]);
  await turn();
  assert.deepEqual(order, []);
  gate.open(server().accept);
  await Promise.all(calls);
  assert.deepEqual(order, [1, 2, 3]);
  assert.equal((await route).pointCount, 2);
});

test("a call whose requests go on after the gate opened gets all of them", async () => {
  await using waiting = closed();
  const { gate, client } = waiting;
  let more: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    more = resolve;
  });
  const route = client.recordRoute(
    (async function* () {
      yield { latitude: 1 };
      await opened;
      yield { latitude: 2 };
    })(),
  );
  await turn();
  gate.open(server().accept);
  more();
  assert.equal((await route).pointCount, 2);
});

test("a call that was given up while it waited reaches nobody", async () => {
  await using waiting = closed();
  const { gate, client } = waiting;
  await assert.rejects(client.getFeature({}, { timeoutMs: 1 }), /DEADLINE_EXCEEDED/);
  await turn();
  gate.open(() => assert.fail("nobody calls"));
});

test("calls after the gate opened pass straight through", async () => {
  await using waiting = closed();
  waiting.gate.open(server().accept);
  assert.equal((await waiting.client.getFeature({})).name, "here");
});
