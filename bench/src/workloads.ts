import { performance } from "node:perf_hooks";
import { chat, chatTurns, chatTurnsIn, fanOut } from "./chat-workloads.js";
import { EVERYWHERE, FEATURE_COUNT, summarize } from "./data.js";
import type { Form, Load } from "./load.js";

/** Something that is measured. */
export interface Workload {
  readonly name: string;
  readonly about: string;
  /** What is counted. */
  readonly unit: string;
  /** Asks once, and throws if the reply is not what the contract says. */
  check(load: Load): Promise<void>;
  /**
   * Works until the time is over, and resolves to the messages that it moved.
   *
   * @param latencies where the milliseconds of each call go, if they are wanted
   */
  run(load: Load, begin: Begin, latencies: number[]): Promise<number>;
}

/** Called once when everything is set up: the time begins, and what is returned says when it is over. */
export type Begin = () => Promise<() => boolean>;

const list: Workload = {
  name: "list",
  about: "ListFeatures, one call at a time, each returns all 100,000 features",
  unit: "features",
  async check(load) {
    const wanted = new Set(load.data.features.map(({ name, location }) => textOf(name, location)));
    for (const client of load.clients(1)) {
      for await (const { name, location } of client.listFeatures(EVERYWHERE)) {
        if (!wanted.delete(textOf(name, location))) throw new Error(`list: unexpected feature ${name}`);
      }
    }
    if (wanted.size > 0) throw new Error(`list: ${wanted.size} features did not come`);
  },
  async run(load, begin) {
    const isOver = await begin();
    let messages = 0;
    for (const client of load.clients(1)) {
      while (!isOver()) {
        let count = 0;
        for await (const batch of client.listFeatures(EVERYWHERE).batches()) count += batch.count;
        if (count !== FEATURE_COUNT) throw new Error(`list: ${count} features came, expected ${FEATURE_COUNT}`);
        messages += count;
      }
    }
    return messages;
  },
};

const listSmall: Workload = {
  name: "list-small",
  about: "ListFeatures, 2 connections x 10 calls at a time, each finds 20 of 100,000 features",
  unit: "calls",
  async check(load) {
    for (const client of load.clients(1)) {
      for (const { rectangle, count } of load.data.small) {
        let found = 0;
        for await (const _ of client.listFeatures(rectangle)) found++;
        if (found !== count) throw new Error(`list-small: ${found} features came, expected ${count}`);
      }
    }
  },
  run: (load, begin) =>
    concurrently(load.clients(2), 10, begin, async (client, i) => {
      const { rectangle, count } = at(load.data.small, i);
      let found = 0;
      for await (const batch of client.listFeatures(rectangle).batches()) found += batch.count;
      if (found !== count) throw new Error(`list-small: ${found} features came, expected ${count}`);
    }),
};

const record: Workload = {
  name: "record",
  about: "RecordRoute, one call at a time, each uploads 100,000 points",
  unit: "points",
  async check(load) {
    const wanted = summarize(load.data.route, load.data.features);
    for (const client of load.clients(1)) {
      const { pointCount, featureCount, distance } = await client.recordRoute(load.route);
      const found = `${pointCount} points, ${featureCount} features, ${distance} m`;
      const expected = `${load.data.route.length} points, ${wanted.features} features, ${wanted.metres} m`;
      if (found !== expected) throw new Error(`record: ${found}; expected ${expected}`);
    }
  },
  async run(load, begin) {
    const isOver = await begin();
    let messages = 0;
    for (const client of load.clients(1)) {
      while (!isOver()) messages += (await client.recordRoute(load.route)).pointCount;
    }
    return messages;
  },
};

const unary = unaryIn("unary");

/** The same calls in the protocols of the web. Who speaks gRPC alone does not serve them. */
const webUnary = [
  unaryIn("unary-grpc-web", { protocol: "grpc-web", format: "proto" }),
  unaryIn("unary-connect", { protocol: "connect", format: "proto" }),
  unaryIn("unary-connect-json", { protocol: "connect", format: "json" }),
];
/** The same on what browsers have for streams: only ours serves it. */
const webSocket: Form = { protocol: "websocket", format: "proto" };
const onWebSocket = [unaryIn("unary-websocket", webSocket), chatTurnsIn("chat-turns-websocket", webSocket)];
export const WEB_WORKLOADS: readonly string[] = webUnary.map(({ name }) => name);
export const WEB_SOCKET_WORKLOADS: readonly string[] = onWebSocket.map(({ name }) => name);

function unaryIn(name: string, form?: Form): Workload {
  const what = form === undefined ? "" : ` in ${form.protocol} with ${form.format}`;
  return {
    name,
    about: `GetFeature${what}, 10 connections x 100 calls at a time`,
    unit: "calls",
    async check(load) {
      for (const client of load.clients(1, form)) {
        for (const { name, location } of load.data.features.slice(0, 100)) {
          const found = await client.getFeature(location);
          if (found.name !== name) throw new Error(`unary: "${found.name}" came, expected "${name}"`);
        }
        const unknown = await client.getFeature({ latitude: 1, longitude: 1 });
        if (unknown.name !== "" || unknown.location?.latitude !== 1)
          throw new Error("unary: an unknown point has a name");
      }
    },
    run: (load, begin) =>
      concurrently(load.clients(10, form), 100, begin, async (client, i) => {
        await client.getFeature(at(load.data.features, i).location);
      }),
  };
}

/** Few calls on each of many connections, or many on one: what a read brings is what a call shares its price with. */
const unaryOver = (connections: number, inFlight: number): Workload => ({
  name: `unary-${connections}`,
  about: `GetFeature, ${connections} connection${connections === 1 ? "" : "s"} x ${inFlight} calls at a time`,
  unit: "calls",
  check: unary.check,
  run: (load, begin) =>
    concurrently(load.clients(connections), inFlight, begin, async (client, i) => {
      await client.getFeature(at(load.data.features, i).location);
    }),
});

const unarySerial: Workload = {
  name: "unary-serial",
  about: "GetFeature, one call at a time",
  unit: "calls",
  check: unary.check,
  async run(load, begin, latencies) {
    const isOver = await begin();
    let calls = 0;
    for (const client of load.clients(1)) {
      const { location } = at(load.data.features, 7);
      while (!isOver()) {
        const started = performance.now();
        await client.getFeature(location);
        latencies.push(performance.now() - started);
        calls++;
      }
    }
    return calls;
  },
};

export const WORKLOADS: readonly Workload[] = [
  list,
  listSmall,
  record,
  unary,
  unaryOver(1, 100),
  unaryOver(100, 10),
  unarySerial,
  ...webUnary,
  ...onWebSocket,
  chat,
  chatTurns,
  fanOut,
];

/** Keeps a number of calls in flight on each connection until the time is over. Resolves to how many there were. */
async function concurrently<C>(
  clients: readonly C[],
  inFlight: number,
  begin: Begin,
  call: (client: C, i: number) => Promise<void>,
): Promise<number> {
  const isOver = await begin();
  let calls = 0;
  const worker = async (client: C) => {
    while (!isOver()) await call(client, calls++);
  };
  await Promise.all(clients.flatMap((client) => Array.from({ length: inFlight }, () => worker(client))));
  return calls;
}

function at<T>(items: readonly T[], i: number): T {
  const item = items[i % items.length];
  if (item === undefined) throw new RangeError("there are no items");
  return item;
}

const textOf = (name: string, location: { latitude: number; longitude: number } | undefined) =>
  `${name} ${location?.latitude} ${location?.longitude}`;
