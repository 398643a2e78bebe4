import assert from "node:assert/strict";
import { exchangeSuite } from "../../test/exchange-suite.js";
import { H2Pair, type PairOptions } from "../../test/h2-pair.js";
import { serverLimits } from "./limits.js";

/** Lengths of reads that repeat from run to run. */
function cuts(seed: number, max: number): (bytes: number) => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return 1 + ((state >>> 8) % max);
  };
}

function suite(name: string, options: PairOptions): void {
  exchangeSuite(name, async (accept, { maxExchanges = serverLimits.maxConcurrentStreams, events = {} }) => {
    const pair = new H2Pair(accept, {
      ...options,
      server: { ...options.server, maxConcurrentStreams: maxExchanges },
      events,
    });
    pair.settle();
    return {
      connection: pair.client,
      cut: () => pair.cut(),
      async [Symbol.asyncDispose]() {
        pair.client.close();
        pair.settle();
        assert.equal(pair.server.openStreams, 0);
        // Nobody breaks a rule here; a place that is still taken is the engine's own limit.
        assert.deepEqual(
          pair.violations.filter((name) => name !== "max_streams"),
          [],
        );
      },
    };
  });
}

suite("h2, whole reads", {});
suite("h2, reads cut anywhere", { cut: cuts(1, 70_000) });
suite("h2, small windows", {
  server: { streamWindowBytes: 65_535, connectionWindowBytes: 100_000 },
  client: { streamWindowBytes: 70_000, connectionWindowBytes: 100_000 },
});
