import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Exchange } from "../../src/exchange.js";
import { encodeConstant } from "../../src/h2/hpack/encoder.js";
import { REQUEST, REQUEST_BLOCK } from "../h2-peer.js";
import {
  continuation,
  data,
  Flags,
  frame,
  headers,
  paddedData,
  ping,
  priority,
  readUint32,
  reset,
  settings,
  Type,
  windowUpdate,
} from "../h2-peer-frames.js";
import { assertServes, HEAD, TRAILERS, Victim } from "./victim.js";

// Whatever comes in whatever order: no exception, no call that is told twice or never of its end, no window lost.

class Run {
  readonly victim: Victim;
  /** One is open from the beginning. */
  nextStream = 3;

  constructor(consumes: boolean) {
    this.victim = Victim.begun({ answers: false, consumes });
    this.victim.client.request(1, 0);
  }

  /** The number of a stream that was opened. */
  stream(index: number): number {
    return 1 + 2 * (index % ((this.nextStream - 1) / 2));
  }
}

type Step = (run: Run) => void;

const BLOCKS = [
  REQUEST_BLOCK,
  REQUEST_BLOCK,
  REQUEST_BLOCK,
  encodeConstant(["A", "1"], REQUEST),
  encodeConstant(["content-length", "100"], REQUEST),
  encodeConstant(["large", "~".repeat(16_000)], REQUEST),
  Uint8Array.of(...REQUEST_BLOCK, 0x40, 1, 0x61, 1, 0x62, 0xbe),
];
const blocks = fc.constantFrom(...BLOCKS);
const indexes = fc.nat({ max: 7 });
const sizes = fc.constantFrom(0, 1, 2, 100, 5000, 16_384);
const flags = fc.constantFrom(0, 0, 0, Flags.EndStream);
const windows = fc.constantFrom(1, 1, 100, 65_535, 1 << 20);

/** Writes a frame on one of the streams that were opened. */
function onStream(frames: fc.Arbitrary<(stream: number) => Uint8Array>): fc.Arbitrary<Step> {
  return fc.tuple(indexes, frames).map(
    ([index, make]) =>
      (run) =>
        run.victim.client.write(make(run.stream(index))),
  );
}

/** What a client may send, or what costs it no more than a stream. */
const fromPeer: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(blocks, flags).map(([block, end]) => (run: Run) => {
    run.victim.client.request(run.nextStream, end, block);
    run.nextStream += 2;
  }),
  fc.tuple(blocks, flags, fc.nat({ max: 50 })).map(([block, end, cut]) => (run: Run) => {
    const rest = continuation(run.nextStream, block.subarray(cut), Flags.EndHeaders);
    run.victim.client.writeSlowly(headers(run.nextStream, block.subarray(0, cut), end), rest);
    run.nextStream += 2;
  }),
  onStream(
    fc.tuple(sizes, flags).map(
      ([size, end]) =>
        (id) =>
          data(id, new Uint8Array(size), end),
    ),
  ),
  onStream(
    fc.tuple(sizes, flags).map(
      ([size, end]) =>
        (id) =>
          paddedData(id, new Uint8Array(size >> 1), 99, end),
    ),
  ),
  onStream(windows.map((bytes) => (id) => windowUpdate(id, bytes))),
  onStream(fc.constant((id) => reset(id))),
  onStream(fc.constant((id) => priority(id, id + 2))),
  windows.map((bytes) => (run: Run) => run.victim.client.write(windowUpdate(0, bytes))),
  fc
    .tuple(fc.constantFrom(1, 3, 4, 4, 6), windows)
    .map((entry) => (run: Run) => run.victim.client.write(settings(entry))),
  fc.constant((run: Run) => run.victim.client.write(ping())),
);

/** What mostly ends the connection. */
const anything: fc.Arbitrary<Step> = fc
  .tuple(fc.nat({ max: 12 }), fc.nat({ max: 255 }), fc.nat({ max: 9 }), fc.uint8Array({ maxLength: 40 }))
  .map((parts) => (run: Run) => run.victim.client.write(frame(...parts)));

const BODY = new Uint8Array(40_000);

function onCall(act: (exchange: Exchange) => void): fc.Arbitrary<Step> {
  return indexes.map((index) => ({ victim }) => {
    const call = victim.calls.at(-1 - index);
    if (call !== undefined) act(call.exchange);
    victim.settle();
  });
}

const fromHandler = fc.oneof(
  onCall((exchange) => exchange.head(HEAD)),
  onCall((exchange) => exchange.write(BODY, 0, BODY.length)),
  onCall((exchange) => exchange.end(TRAILERS)),
  onCall((exchange) => exchange.reset(8)),
  onCall((exchange) => exchange.consumed(5000)),
  onCall((exchange) => exchange.release()),
);
const around = fc.constantFrom<Step>(
  ({ victim }) => victim.wait(7000),
  ({ victim }) => victim.stall(),
  ({ victim }) => victim.unstall(),
  ({ victim }) => {
    victim.connection.drain();
    victim.settle();
  },
);
const steps = fc.array(
  fc.oneof(
    { weight: 30, arbitrary: fromPeer },
    { weight: 20, arbitrary: fromHandler },
    { weight: 3, arbitrary: around },
    { weight: 1, arbitrary: anything },
  ),
  { minLength: 10, maxLength: 100, size: "max" },
);

/** What the client may still send on the connection, as it has been told. */
function clientsWindow(victim: Victim, sent: number): number {
  const updates = victim.client.ofType(Type.WindowUpdate, 0);
  return updates.reduce((sum, { payload }) => sum + readUint32(payload, 0), 65_535) - sent;
}

test("no sequence of frames and answers is an internal error, and each call learns of its end once", () => {
  fc.assert(
    fc.property(steps, fc.boolean(), (steps, consumes) => {
      const run = new Run(consumes);
      const { victim } = run;
      for (const step of steps) step(run);
      assert.ok(!victim.violations.includes("internal"), victim.violations.join());
      assert.equal(victim.openCalls, victim.connection.openStreams);
      victim.unstall();
      if (victim.connection.wantsClose) {
        assert.equal(victim.openCalls, 0);
        const { goneAway, frames } = victim.client;
        assert.ok(goneAway);
        if (goneAway.name !== "") assert.equal(frames.at(-1)?.type, Type.GoAway, "nothing follows what went wrong");
      }
      victim.connection.lost();
      assert.equal(victim.openCalls, 0, "the socket has ended, and so has each call");
    }),
    { numRuns: 150 },
  );
});

const streams = fc.constantFrom(1, 3, 5, 7, 9);

test("whatever streams were sent and however they ended, their bytes come back to the connection's window", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(streams, sizes, fc.nat({ max: 255 }), fc.nat({ max: 3 })), { maxLength: 400 }),
      (sent) => {
        const victim = Victim.begun({ answers: false, consumes: false });
        let spent = 0;
        const write = (bytes: Uint8Array) => {
          if (victim.connection.wantsClose) return;
          spent += bytes.length - 9;
          victim.client.write(bytes);
        };
        for (const id of [1, 3, 5, 7, 9]) victim.client.write(headers(id, REQUEST_BLOCK, Flags.EndHeaders));
        for (const [id, size, padding, how] of sent) {
          write(
            how === 0
              ? paddedData(id, new Uint8Array(Math.min(size, 16_000)), padding)
              : data(id, new Uint8Array(size)),
          );
          const { exchange, bytes } = victim.calls[(id - 1) / 2] ?? assert.fail();
          if (how === 1) exchange.consumed(Math.floor(bytes / 2));
          if (how === 2 && padding === 0) exchange.reset(8);
          if (how === 3 && padding === 1) victim.client.write(reset(id));
          victim.settle();
        }
        if (victim.connection.wantsClose) return;
        for (const { exchange } of victim.calls) exchange.reset(8);
        victim.settle();
        const window = clientsWindow(victim, spent);
        assert.ok(window > 2 << 20 && window <= 4 << 20, `${window}`);
        assertServes(victim, 1001);
      },
    ),
  );
});
