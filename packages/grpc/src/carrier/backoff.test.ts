import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "../../test/fake-clock.js";
import { Backoff, DEFAULT_BACKOFF } from "./backoff.js";

test("waits grow by 1.6 from one second to two minutes, and begin anew after a success", () => {
  const clock = new FakeClock();
  const backoff = new Backoff(DEFAULT_BACKOFF, clock);
  const waits = Array.from({ length: 14 }, () => {
    backoff.start();
    return Math.round(backoff.leftMs);
  });
  assert.deepEqual(waits.slice(0, 5), [1000, 1600, 2560, 4096, 6554]);
  assert.deepEqual(waits.slice(-2), [120_000, 120_000]);
  backoff.reset();
  assert.equal(backoff.leftMs, 0);
  backoff.start();
  assert.equal(backoff.leftMs, 1000);
});

test("jitter spreads a wait by a fifth of it to either side", () => {
  for (const [random, wait] of [
    [0, 800],
    [0.5, 1000],
    [0.75, 1100],
  ] as const) {
    const backoff = new Backoff(DEFAULT_BACKOFF, new FakeClock(random));
    backoff.start();
    assert.equal(Math.round(backoff.leftMs), wait);
  }
});

test("a wait counts from the start of its attempt", () => {
  const clock = new FakeClock();
  const backoff = new Backoff(DEFAULT_BACKOFF, clock);
  backoff.start();
  clock.advance(700);
  assert.equal(backoff.leftMs, 300);
  clock.advance(700);
  assert.equal(backoff.leftMs, 0);
});

test("an attempt may take 20 seconds, or as long as its wait", () => {
  const backoff = new Backoff(DEFAULT_BACKOFF, new FakeClock());
  assert.equal(backoff.start(), 20_000);
  for (let i = 0; i < 20; i++) backoff.start();
  assert.equal(backoff.start(), 120_000);
});
