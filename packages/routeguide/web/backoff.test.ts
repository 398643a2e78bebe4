import assert from "node:assert/strict";
import { test } from "node:test";
import { Backoff, sleep } from "./backoff.js";

const middle = () => 0.5;

test("Waits grow to ten seconds, and begin anew after a success", () => {
  const backoff = new Backoff();
  const waits = Array.from({ length: 20 }, () => Math.round(backoff.nextMs(middle)));
  assert.deepEqual(waits.slice(0, 3), [300, 480, 768]);
  assert.equal(waits.at(-1), 10_000);
  backoff.reset();
  assert.equal(Math.round(backoff.nextMs(middle)), 300);
});

test("A wait varies by a fifth, so that pages do not come back together", () => {
  assert.equal(Math.round(new Backoff().nextMs(() => 0)), 240);
  assert.equal(Math.round(new Backoff().nextMs(() => 1)), 360);
});

test("Who does not want to wait any more does not", async () => {
  const abort = new AbortController();
  const asleep = sleep(2 ** 30, abort.signal);
  abort.abort();
  await asleep;
  await sleep(2 ** 30, abort.signal);
});
