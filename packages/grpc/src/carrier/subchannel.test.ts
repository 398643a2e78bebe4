import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "../../test/fake-clock.js";
import type { Connection, ConnectionEvents } from "../exchange.js";
import { DEFAULT_BACKOFF } from "./backoff.js";
import { memoryPair } from "./memory.js";
import { Subchannel } from "./subchannel.js";

/** A subchannel whose attempts the test decides, over connections in memory. */
class Attempts {
  readonly clock = new FakeClock();
  readonly all: {
    events: ConnectionEvents;
    signal: AbortSignal;
    succeed: () => Connection;
    fail: (reason: Error) => void;
  }[] = [];
  losses = 0;
  readonly subchannel = new Subchannel({
    name: "server:1",
    clock: this.clock,
    backoff: DEFAULT_BACKOFF,
    onLoss: () => this.losses++,
    connect: (events, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
        const succeed = () => {
          const connection = memoryPair(() => assert.fail("nothing is called here"), { events });
          resolve(connection);
          return connection;
        };
        this.all.push({ events, signal, succeed, fail: reject });
      }),
  });

  at(index: number) {
    const attempt = this.all[index];
    assert.ok(attempt, `attempt ${index} was made`);
    return attempt;
  }
}

test("calls share the first attempt, and then its connection", async () => {
  const attempts = new Attempts();
  const calls = [attempts.subchannel.connection(false), attempts.subchannel.connection(true)];
  const connection = attempts.at(0).succeed();
  assert.deepEqual(await Promise.all(calls), [connection, connection]);
  assert.equal(attempts.subchannel.connection(false), connection);
  assert.equal(attempts.all.length, 1);
  await attempts.subchannel.close();
});

test("a failed attempt fails its calls, and while backing off every further call, with its reason", async () => {
  const attempts = new Attempts();
  const first = attempts.subchannel.connection(false);
  attempts.at(0).fail(new Error("nothing listens"));
  await assert.rejects(async () => first, /nothing listens/);
  await assert.rejects(async () => attempts.subchannel.connection(false), /nothing listens/);
  assert.equal(attempts.all.length, 1);
  assert.equal(attempts.clock.timers, 0, "nobody waits, so nothing is tried");
  attempts.clock.advance(1000);
  const next = attempts.subchannel.connection(false);
  const connection = attempts.at(1).succeed();
  assert.equal(await next, connection);
  await attempts.subchannel.close();
});

test("a call that waits for ready outlives failures, one attempt after each wait", async () => {
  const attempts = new Attempts();
  const call = attempts.subchannel.connection(true);
  for (const [i, waitMs] of [1000, 1600, 2560].entries()) {
    attempts.at(i).fail(new Error("not yet"));
    await new Promise(setImmediate);
    attempts.clock.advance(waitMs - 1);
    assert.equal(attempts.all.length, i + 1);
    attempts.clock.advance(2);
  }
  const connection = attempts.at(3).succeed();
  assert.equal(await call, connection);
  await attempts.subchannel.close();
});

test("an attempt without an answer is given up after 20 seconds", async () => {
  const attempts = new Attempts();
  const call = attempts.subchannel.connection(false);
  attempts.clock.advance(20_000);
  await assert.rejects(async () => call, /server:1 did not answer within 20 s/);
  assert.ok(attempts.at(0).signal.aborted);
});

test("a connection that the server drains is replaced, and may end its calls", async () => {
  const attempts = new Attempts();
  const first = attempts.subchannel.connection(false);
  const drained = attempts.at(0).succeed();
  assert.equal(await first, drained);
  attempts.at(0).events.draining();
  assert.equal(attempts.losses, 1);
  const second = attempts.subchannel.connection(false);
  assert.notEqual(second, drained);
  const fresh = attempts.at(1).succeed();
  assert.equal(await second, fresh);
  attempts.at(0).events.closed(undefined);
  assert.equal(attempts.subchannel.ready, fresh);
  await attempts.subchannel.close();
});

test("a lost connection is made again without a wait", async () => {
  const attempts = new Attempts();
  const first = attempts.subchannel.connection(false);
  attempts.at(0).succeed();
  await first;
  attempts.at(0).events.closed(new Error("cut"));
  void attempts.subchannel.connection(false);
  assert.equal(attempts.all.length, 2);
  attempts.at(1).succeed();
  await attempts.subchannel.connection(false);
  await attempts.subchannel.close();
});

test("closing gives up the attempt and fails whoever waits", async () => {
  const attempts = new Attempts();
  const call = attempts.subchannel.connection(true);
  await attempts.subchannel.close();
  await assert.rejects(async () => call, /closed/);
  await assert.rejects(async () => attempts.subchannel.connection(true), /closed/);
  assert.ok(attempts.at(0).signal.aborted);
  assert.equal(attempts.clock.timers, 0);
});
