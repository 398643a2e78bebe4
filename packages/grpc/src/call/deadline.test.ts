import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Deadlines, type Expiring, type Timer } from "./deadline.js";

/** A clock that stands still until it is moved, and one timer that fires when the clock gets there. */
class FakeTimer implements Timer {
  time = 1000.25;
  at: number | undefined;
  sets = 0;
  #callback = () => {};

  now(): number {
    return this.time;
  }

  set(afterMs: number | undefined, callback: () => void): void {
    this.sets++;
    this.at = afterMs === undefined ? undefined : this.time + afterMs;
    this.#callback = callback;
  }

  /** Moves the clock, and fires the timer as often as it comes due on the way. */
  advance(milliseconds: number): void {
    const end = this.time + milliseconds;
    while (this.at !== undefined && this.at <= end) {
      this.time = Math.max(this.time, this.at);
      this.at = undefined;
      this.#callback();
    }
    this.time = end;
  }
}

class Entry implements Expiring {
  deadlineSlot = -1;
  deadlineTick = 0;
  deadlineBefore: Expiring | undefined;
  deadlineAfter: Expiring | undefined;
  readonly expire: () => void;

  constructor(expire: () => void = () => {}) {
    this.expire = expire;
  }
}

/** How much later than asked for an entry may expire, in milliseconds: ticks are whole, and none is early. */
const SLACK_MS = 3;
const DAY_MS = 86_400_000;

type Step =
  | { readonly kind: "schedule"; readonly afterMs: number }
  | { readonly kind: "cancel"; readonly which: number }
  | { readonly kind: "advance"; readonly milliseconds: number };

const anyMs = fc.oneof(
  fc.nat({ max: 300 }),
  fc.nat({ max: 70_000 }),
  fc.nat({ max: 20_000_000 }),
  fc.double({ min: 0, max: 600, noNaN: true }),
);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("schedule" as const), afterMs: anyMs }),
  fc.record({ kind: fc.constant("cancel" as const), which: fc.nat({ max: 50 }) }),
  fc.record({ kind: fc.constant("advance" as const), milliseconds: anyMs }),
);

test("random deadlines expire like those of a sorted list: all that are due, none early, none late, none twice", () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
      const timer = new FakeTimer();
      const deadlines = new Deadlines(timer);
      const waiting = new Map<Entry, number>();
      const schedule = (afterMs: number) => {
        const due = timer.time + afterMs;
        const entry: Entry = new Entry(() => {
          assert.ok(waiting.delete(entry), "expired twice, or after it was cancelled");
          assert.ok(timer.time >= due, `${due - timer.time} ms early`);
          assert.ok(timer.time <= due + SLACK_MS, `${timer.time - due} ms late`);
        });
        waiting.set(entry, due);
        deadlines.schedule(entry, afterMs);
      };
      for (const step of steps) {
        if (step.kind === "schedule") {
          schedule(step.afterMs);
        } else if (step.kind === "advance") {
          timer.advance(step.milliseconds);
        } else {
          const entry = [...waiting.keys()][step.which];
          if (entry === undefined) continue;
          waiting.delete(entry);
          deadlines.cancel(entry);
        }
        assert.equal(deadlines.size, waiting.size);
        for (const due of waiting.values()) assert.ok(due + SLACK_MS > timer.time, "still waits long after its time");
      }
      timer.advance(30_000_000);
      assert.equal(waiting.size, 0);
      assert.equal(deadlines.size, 0);
    }),
  );
});

test("deadlines far away expire when they should", () => {
  const timer = new FakeTimer();
  const deadlines = new Deadlines(timer);
  for (const days of [1, 3, 10]) {
    let expiredAt: number | undefined;
    const start = timer.time;
    deadlines.schedule(
      new Entry(() => {
        expiredAt = timer.time;
      }),
      days * DAY_MS,
    );
    timer.advance(days * DAY_MS - 1);
    assert.equal(expiredAt, undefined);
    timer.advance(SLACK_MS + 1);
    assert.ok(expiredAt !== undefined && expiredAt >= start + days * DAY_MS);
  }
});

test("what is later than the wheel reaches expires in its time, and no delay overflows a timer's 31 bits", () => {
  const timer = new FakeTimer();
  const deadlines = new Deadlines(timer);
  let expired = 0;
  for (const afterMs of [2 ** 31, 60 * DAY_MS, Number.POSITIVE_INFINITY])
    deadlines.schedule(new Entry(() => expired++), afterMs);
  assert.ok(timer.at !== undefined && timer.at - timer.time < 2 ** 31);
  timer.advance(2 ** 31 - 1);
  assert.equal(expired, 0);
  timer.advance(SLACK_MS + 1);
  assert.equal(expired, 1);
  timer.advance(60 * DAY_MS);
  assert.equal(expired, 2);
  assert.equal(deadlines.size, 1);
});

test("an entry that expires may schedule itself again, at once or later", () => {
  const timer = new FakeTimer();
  const deadlines = new Deadlines(timer);
  const times: number[] = [];
  const entry: Entry = new Entry(() => {
    times.push(timer.time);
    if (times.length < 5) deadlines.schedule(entry, times.length % 2 === 0 ? 0 : 500);
  });
  deadlines.schedule(entry, 10);
  timer.advance(2000);
  assert.equal(times.length, 5);
  assert.equal(deadlines.size, 0);
});

test("an entry that expires may cancel others of the same moment", () => {
  const timer = new FakeTimer();
  const deadlines = new Deadlines(timer);
  const expired: number[] = [];
  const entries = [0, 1, 2].map(
    (number) =>
      new Entry(() => {
        expired.push(number);
        for (const other of entries) deadlines.cancel(other);
      }),
  );
  for (const entry of entries) deadlines.schedule(entry, 50);
  timer.advance(100);
  assert.equal(expired.length, 1);
  assert.equal(deadlines.size, 0);
});

test("a deadline that is set and cancelled while another expires does not swallow the next", () => {
  const timer = new FakeTimer();
  const deadlines = new Deadlines(timer);
  const passing = new Entry();
  deadlines.schedule(
    new Entry(() => {
      deadlines.schedule(passing, 20);
      deadlines.cancel(passing);
    }),
    10,
  );
  timer.advance(15);
  let expired = false;
  deadlines.schedule(
    new Entry(() => {
      expired = true;
    }),
    30,
  );
  timer.advance(40);
  assert.equal(expired, true);
});

test("any number of deadlines needs one timer, set only for one that comes sooner", () => {
  const timer = new FakeTimer();
  const deadlines = new Deadlines(timer);
  for (let afterMs = 1000; afterMs < 2000; afterMs++) deadlines.schedule(new Entry(), afterMs);
  assert.equal(timer.sets, 1);
  deadlines.schedule(new Entry(), 10);
  assert.equal(timer.sets, 2);
});

test("with nothing left the timer is set no more", () => {
  const timer = new FakeTimer();
  const deadlines = new Deadlines(timer);
  const entry = new Entry();
  deadlines.schedule(entry, 10);
  deadlines.cancel(entry);
  deadlines.cancel(entry);
  timer.advance(1000);
  assert.equal(timer.at, undefined);
  assert.equal(deadlines.size, 0);
});

test("a wheel that stood still for long catches up with the clock", () => {
  const timer = new FakeTimer();
  const deadlines = new Deadlines(timer);
  timer.advance(5 * DAY_MS);
  let expired = false;
  deadlines.schedule(
    new Entry(() => {
      expired = true;
    }),
    5,
  );
  timer.advance(4);
  assert.equal(expired, false);
  timer.advance(4);
  assert.equal(expired, true);
});

test("after a process was held up, all that came due meanwhile expires in its order", () => {
  const timer = new FakeTimer();
  const deadlines = new Deadlines(timer);
  const expired: number[] = [];
  for (const afterMs of [40, 5, 70_000, 300, 5000]) {
    deadlines.schedule(new Entry(() => expired.push(afterMs)), afterMs);
  }
  timer.time += 80_000;
  timer.advance(0);
  assert.deepEqual(expired, [5, 40, 300, 5000, 70_000]);
});
