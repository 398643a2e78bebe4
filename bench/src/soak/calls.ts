/** What well-behaved clients do, and how they stop before the end. */
import { setTimeout as delay } from "node:timers/promises";
import { Code } from "@routeguide/grpc";
import { EVERYWHERE } from "../data.js";
import { type Act, between, failsWith, type Visit, wrong } from "./act.js";
import { FEATURES_EVERYWHERE } from "./world.js";

/** Between two batches of a slow reader. */
const PAUSE_MS = 5;

const get: Act = {
  name: "GetFeature, up to 20 at a time",
  weight: 30,
  async run({ client, random, world }) {
    const calls = Array.from({ length: between(random, 1, 20) }, async () => {
      const feature = world.features[between(random, 0, FEATURES_EVERYWHERE - 1)] ?? wrong("no such feature");
      const found = await client.getFeature(feature.location);
      if (found.name !== feature.name) wrong(`"${found.name}" came, expected "${feature.name}"`);
    });
    await Promise.all(calls);
  },
};

const list: Act = {
  name: "ListFeatures of a rectangle",
  weight: 15,
  async run({ client, random, world }) {
    const { rectangle, names } = world.rectangle(random, between(random, 1, 500));
    let count = 0;
    for await (const { name } of client.listFeatures(rectangle)) {
      if (!names.has(name)) wrong(`${name} came, which is not in the rectangle`);
      count++;
    }
    if (count !== names.size) wrong(`${count} features came, expected ${names.size}`);
  },
};

const record: Act = {
  name: "RecordRoute",
  weight: 15,
  async run({ client, random, world }) {
    const { points, features, metres } = world.route(random, between(random, 0, 300));
    const { pointCount, featureCount, distance } = await client.recordRoute(points);
    const found = `${pointCount} points, ${featureCount} features, ${distance} m`;
    const expected = `${points.length} points, ${features} features, ${metres} m`;
    if (found !== expected) wrong(`${found}; expected ${expected}`);
  },
};

const chat: Act = {
  name: "RouteChat: each note brings those before it",
  weight: 15,
  async run(visit) {
    const location = visit.freshPoint();
    const count = between(visit.random, 1, 10);
    const notes = Array.from({ length: count }, (_, i) => ({ location, message: `note ${i}` }));
    const expected = notes.flatMap((_, i) => notes.slice(0, i + 1).map(({ message }) => message));
    const found: string[] = [];
    for await (const { message } of visit.client.routeChat(notes)) found.push(message);
    if (found.join() !== expected.join()) wrong(`${found.length} notes came, expected ${expected.length}`);
  },
};

const halfOpen: Act = {
  name: "RouteChat that stays silent for a while",
  weight: 5,
  async run(visit) {
    const location = visit.freshPoint();
    const silenceMs = between(visit.random, 100, 2000);
    async function* notes() {
      yield { location, message: "before" };
      await delay(silenceMs);
      yield { location, message: "after" };
    }
    const found: string[] = [];
    for await (const { message } of visit.client.routeChat(notes())) found.push(message);
    if (found.join() !== "before,before,after") wrong(`"${found}" came, expected "before,before,after"`);
  },
};

const slowReader: Act = {
  name: "ListFeatures of everything, read slowly",
  weight: 2,
  async run({ client }) {
    let count = 0;
    for await (const batch of client.listFeatures(EVERYWHERE).batches()) {
      count += batch.count;
      await delay(PAUSE_MS);
    }
    if (count !== FEATURES_EVERYWHERE) wrong(`${count} features came, expected ${FEATURES_EVERYWHERE}`);
  },
};

const cancel: Act = {
  name: "ListFeatures of everything, cancelled in the middle",
  weight: 10,
  async run({ client, random }) {
    let left = between(random, 1, 500);
    for await (const _ of client.listFeatures(EVERYWHERE)) if (--left === 0) return;
    wrong("the list ended early");
  },
};

const abort: Act = {
  name: "RouteChat, aborted while it waits",
  weight: 5,
  async run({ client, random }) {
    const signal = AbortSignal.timeout(between(random, 1, 50));
    await failsWith([Code.Canceled, Code.DeadlineExceeded], drained(client.routeChat(silence(signal), { signal })));
  },
};

const deadline: Act = {
  name: "RouteChat past its deadline",
  weight: 5,
  async run({ client, random }) {
    const end = new AbortController();
    const call = client.routeChat(silence(end.signal), { timeoutMs: between(random, 1, 50) });
    await failsWith([Code.DeadlineExceeded], drained(call));
    end.abort();
  },
};

const disconnect: Act = {
  name: "Disconnects with calls of all kinds running",
  weight: 3,
  disconnects: true,
  async run(visit) {
    const { client, transport, random } = visit;
    const end = new AbortController();
    const calls = [drained(client.routeChat(silence(end.signal))), client.recordRoute(pointsUntil(end.signal, visit))];
    const failures = calls.map((call) => failsWith([Code.Unavailable], call));
    // This one may be over before the connection is.
    const list = drained(client.listFeatures(EVERYWHERE)).catch((error) =>
      failsWith([Code.Unavailable], Promise.reject(error)),
    );
    await delay(between(random, 1, 30));
    await transport[Symbol.asyncDispose]();
    await Promise.all([...failures, list]);
    end.abort();
  },
};

export const CALLS: readonly Act[] = [
  get,
  list,
  record,
  chat,
  halfOpen,
  slowReader,
  cancel,
  abort,
  deadline,
  disconnect,
];

async function drained(responses: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of responses);
}

/** A stream of requests that brings none, until it is told to end. */
function silence(signal: AbortSignal): AsyncIterable<never> {
  const next = () => aborted(signal).then((): IteratorReturnResult<undefined> => ({ done: true, value: undefined }));
  return { [Symbol.asyncIterator]: () => ({ next }) };
}

async function* pointsUntil(
  signal: AbortSignal,
  { world }: Visit,
): AsyncGenerator<{ latitude: number; longitude: number }> {
  yield* world.features.slice(0, 10).map(({ location }) => location);
  await aborted(signal);
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
