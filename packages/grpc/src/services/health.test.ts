import assert from "node:assert/strict";
import { test } from "node:test";
import { collect, failure } from "../../test/calls/harness.js";
import { Echo } from "../../test/gen/kinds/echo_pb.js";
import { Code, createClient, createServer } from "../index.js";
import { inMemory } from "../testing.js";
import { createHealth, Health, type HealthOptions, ServingStatus } from "./health.js";
import { HealthWatcher } from "./health-watcher.js";

function serve(options?: HealthOptions) {
  const { reporter, handlers } = createHealth(options);
  const server = createServer().service(Health, handlers);
  const transport = inMemory(server);
  const client = createClient(Health, transport);
  return { reporter, server, client, [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose]() };
}

/** What a watcher hears, one status after the other. */
function watch({ client }: ReturnType<typeof serve>, service: string) {
  const responses = client.watch({ service });
  const iterator = responses[Symbol.asyncIterator]();
  const next = async () => (await iterator.next()).value?.status;
  return { next, cancel: () => responses.cancel() };
}

test("the server as a whole serves until something else is said", async () => {
  await using health = serve();
  assert.equal((await health.client.check({})).status, ServingStatus.SERVING);
  health.reporter.set("", false);
  assert.equal((await health.client.check({})).status, ServingStatus.NOT_SERVING);
});

test("a service is known from its first status on, by its descriptor or its name", async () => {
  await using health = serve();
  await failure(health.client.check({ service: "kinds.Echo" }), Code.NotFound);
  health.reporter.set(Echo, true);
  health.reporter.set("other", false);
  assert.equal((await health.client.check({ service: "kinds.Echo" })).status, ServingStatus.SERVING);
  assert.equal((await health.client.check({ service: "other" })).status, ServingStatus.NOT_SERVING);
});

test("List says the status of every service, and no more than a hundred", async () => {
  await using health = serve();
  health.reporter.set(Echo, false);
  const { statuses } = await health.client.list({});
  assert.deepEqual(
    Object.entries(statuses).map(([name, { status }]) => [name, status]),
    [
      ["", ServingStatus.SERVING],
      ["kinds.Echo", ServingStatus.NOT_SERVING],
    ],
  );
  for (let i = 0; i < 99; i++) health.reporter.set(`service ${i}`, true);
  await failure(health.client.list({}), Code.ResourceExhausted);
});

test("a watcher hears the status, and each change of it", async () => {
  await using health = serve();
  health.reporter.set(Echo, true);
  const watcher = watch(health, "kinds.Echo");
  assert.equal(await watcher.next(), ServingStatus.SERVING);
  health.reporter.set(Echo, true);
  health.reporter.set("other", false);
  health.reporter.set(Echo, false);
  assert.equal(await watcher.next(), ServingStatus.NOT_SERVING, "and nothing before it");
  watcher.cancel();
});

test("a watcher of an unknown service hears so, and when it becomes known", async () => {
  await using health = serve();
  const watcher = watch(health, "kinds.Echo");
  assert.equal(await watcher.next(), ServingStatus.SERVICE_UNKNOWN);
  health.reporter.set(Echo, true);
  assert.equal(await watcher.next(), ServingStatus.SERVING);
  watcher.cancel();
});

test("a watcher holds one status: what is overtaken before it was read is not sent", async () => {
  const { NOT_SERVING, SERVING } = ServingStatus;
  let left = 0;
  const watcher = new HealthWatcher(SERVING, () => left++);
  assert.deepEqual(await watcher.next(), { done: false, value: { status: SERVING } });
  for (const status of [NOT_SERVING, SERVING, NOT_SERVING]) watcher.tell(status);
  watcher.end();
  assert.deepEqual(await watcher.next(), { done: false, value: { status: NOT_SERVING } });
  assert.equal((await watcher.next()).done, true);
  assert.equal(left, 1);
});

test("a change that is taken back before it was read is no change", async () => {
  const { NOT_SERVING, SERVING } = ServingStatus;
  const watcher = new HealthWatcher(SERVING, () => {});
  await watcher.next();
  for (const status of [NOT_SERVING, SERVING]) watcher.tell(status);
  watcher.end();
  assert.equal((await watcher.next()).done, true);
});

test("stopping says NOT_SERVING to all, whatever is set later, and ends what watches", async () => {
  await using health = serve();
  health.reporter.set(Echo, true);
  const known = collect(health.client.watch({ service: "kinds.Echo" }));
  const unknown = collect(health.client.watch({ service: "unknown" }));
  await health.client.check({});
  health.reporter.stop();
  health.reporter.set(Echo, true);
  const statuses = async (watched: Promise<{ status: ServingStatus }[]>) => (await watched).map(({ status }) => status);
  assert.deepEqual(await statuses(known), [ServingStatus.SERVING, ServingStatus.NOT_SERVING]);
  assert.deepEqual(await statuses(unknown), [ServingStatus.SERVICE_UNKNOWN]);
  assert.deepEqual(await statuses(collect(health.client.watch({}))), [ServingStatus.NOT_SERVING]);
  assert.equal((await health.client.check({ service: "kinds.Echo" })).status, ServingStatus.NOT_SERVING);
});

test("watchers hear of the end before the server drains, and hold no drain up", async () => {
  await using health = serve();
  const watched = collect(health.client.watch({}));
  await health.client.check({});
  health.reporter.stop();
  await health.server.drain(60_000);
  assert.equal((await watched).at(-1)?.status, ServingStatus.NOT_SERVING);
});

test("there are so many watchers at a time, and one that leaves makes room", async () => {
  await using health = serve({ maxWatchers: 2 });
  const watchers = [watch(health, ""), watch(health, "kinds.Echo")];
  for (const watcher of watchers) await watcher.next();
  await failure(collect(health.client.watch({})), Code.ResourceExhausted);
  watchers[1]?.cancel();
  await health.client.check({});
  const third = watch(health, "");
  assert.equal(await third.next(), ServingStatus.SERVING);
  watchers[0]?.cancel();
  third.cancel();
});

test("no name is watched that would fill the memory", async () => {
  await using health = serve();
  await failure(collect(health.client.watch({ service: "x".repeat(1025) })), Code.InvalidArgument);
});
