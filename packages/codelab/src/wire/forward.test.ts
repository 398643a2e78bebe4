import assert from "node:assert/strict";
import { test } from "node:test";
import { Code, createClient, createServer, RpcError, type ServiceImpl } from "@routeguide/grpc";
import { dial, listen } from "@routeguide/grpc/node";
import { inMemory } from "@routeguide/grpc/testing";
import { RouteGuide } from "../gen/routeguide/route_guide_pb.js";
import { forward } from "./forward.js";
import { recordAccept } from "./record.js";
import { Recording } from "./recording.js";

const POINT = { latitude: 1, longitude: 2 };
/** Some megabytes: far more than the windows and buffers on the way hold. */
const MANY = 100_000;
const WINDOW_BYTES = 65_535;

/** Uses a client which reaches handlers through the proxy, over sockets on its side and in memory on theirs. */
async function through(
  handlers: ServiceImpl<typeof RouteGuide>,
  use: (client: ReturnType<typeof createClient<typeof RouteGuide>>, recording: Recording) => Promise<void>,
): Promise<void> {
  await using server = createServer({ onError: () => {} }).service(RouteGuide, handlers);
  await using inner = inMemory(server);
  const recording = new Recording();
  const accept = recordAccept(forward(await inner.connection(false)), recording, "Ann", WINDOW_BYTES);
  const limits = { streamWindowBytes: WINDOW_BYTES };
  await using listening = await listen({ accept }, { port: 0 }, { limits });
  await using transport = dial(`http://${listening.address}`, { limits: { streamWindowBytes: 65_535 } });
  await use(createClient(RouteGuide, transport), recording);
}

test("what goes through the proxy arrives as it is, both ways and in order", async () => {
  const handlers: ServiceImpl<typeof RouteGuide> = {
    async *routeChat(received) {
      for await (const { message } of received) yield { message: `${message}!` };
    },
  };
  await through(handlers, async (client, recording) => {
    const heard: string[] = [];
    for await (const { message } of client.routeChat([{ message: "a" }, { message: "b" }])) heard.push(message);
    assert.deepEqual(heard, ["a!", "b!"]);
    const seen = recording.events.map(({ from, kind }) => `${from} ${kind}`);
    assert.equal(seen.filter((event) => event === "server message").length, 2);
    assert.ok(seen.includes("client half-close"));
    assert.equal(seen.at(-1), "server trailers");
  });
});

test("a status without a message comes through whole", async () => {
  const handlers: ServiceImpl<typeof RouteGuide> = {
    getFeature() {
      throw new RpcError(Code.InvalidArgument, "not on Earth");
    },
  };
  await through(handlers, async (client, recording) => {
    await assert.rejects(client.getFeature(POINT), { code: Code.InvalidArgument, rawMessage: "not on Earth" });
    assert.equal(recording.events.at(-1)?.text, "INVALID_ARGUMENT: not on Earth");
  });
});

test("a reader who stops holds the server back, and is told of all when it goes on", async () => {
  let yielded = 0;
  const handlers: ServiceImpl<typeof RouteGuide> = {
    *listFeatures() {
      for (; yielded < MANY; yielded++) yield { name: `feature ${yielded}`, location: POINT };
    },
  };
  await through(handlers, async (client, recording) => {
    const features = client.listFeatures({})[Symbol.asyncIterator]();
    await features.next();
    assert.ok(yielded < MANY, `${yielded} were produced for one that was read`);
    let read = 1;
    while ((await features.next()).done !== true) read++;
    assert.equal(read, MANY);
    assert.ok(recording.events.some(({ kind }) => kind === "stall"));
  });
});

test("a client whose server does not read waits, and goes on when it does", async () => {
  let begin: () => void = () => {};
  const begins = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const handlers: ServiceImpl<typeof RouteGuide> = {
    async recordRoute(points) {
      await begins;
      let pointCount = 0;
      for await (const _ of points) pointCount++;
      return { pointCount };
    },
  };
  await through(handlers, async (client, recording) => {
    const stalled = new Promise<void>((resolve) => {
      recording.listen(({ from, kind }) => {
        if (from === "client" && kind === "stall") resolve();
      });
    });
    const summary = client.recordRoute(Array.from({ length: MANY }, () => POINT));
    await stalled;
    begin();
    assert.equal((await summary).pointCount, MANY);
    assert.ok(recording.events.some(({ from, kind }) => from === "client" && kind === "resume"));
  });
});

test("a call that is cancelled is cancelled behind the proxy too", async () => {
  let cleanedUp: () => void = () => {};
  const isCleanedUp = new Promise<void>((resolve) => {
    cleanedUp = resolve;
  });
  const handlers: ServiceImpl<typeof RouteGuide> = {
    async *listFeatures(_rectangle, { signal }) {
      try {
        yield { name: "first" };
        await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      } finally {
        cleanedUp();
      }
    },
  };
  await through(handlers, async (client) => {
    for await (const _ of client.listFeatures({})) break;
    await isCleanedUp;
  });
});
