import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { consume, fits, type ReceiveWindow, receive, unconsumed } from "./window.js";
import { MAX_31 } from "./wire.js";

const SIZE = 1000;

test("what the peer may send, what it is owed and what nobody has consumed are the window, whatever happens", () => {
  const step = fc.record({ received: fc.nat(SIZE), consumed: fc.nat(2 * SIZE) });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const window: ReceiveWindow = { credit: SIZE, owed: 0 };
      let peerMaySend = SIZE;
      let waiting = 0;
      for (const { received, consumed } of steps) {
        const sent = Math.min(received, peerMaySend);
        assert.ok(receive(window, sent));
        peerMaySend -= sent;
        waiting += sent;
        peerMaySend += consume(window, consumed, SIZE);
        waiting -= Math.min(consumed, waiting);
        assert.equal(unconsumed(window, SIZE), waiting);
        assert.equal(window.credit, peerMaySend);
        assert.equal(window.credit + window.owed + waiting, SIZE);
        // What is owed is told by half a window, so the peer never starves while somebody consumes.
        assert.ok(window.owed < SIZE / 2);
      }
    }),
  );
});

test("a peer that sends more than the window is found out", () => {
  const window: ReceiveWindow = { credit: 10, owed: 0 };
  assert.equal(receive(window, 10), true);
  assert.equal(receive(window, 1), false);
});

test("a send window goes below zero but not above 2^31-1", () => {
  assert.equal(fits(0, -65_535), true);
  assert.equal(fits(1, MAX_31 - 1), true);
  assert.equal(fits(1, MAX_31), false);
});
