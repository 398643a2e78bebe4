import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "../../test/fake-clock.js";
import { DEFAULT_BACKOFF } from "./backoff.js";
import { memoryPair } from "./memory.js";
import { type Place, Pool } from "./pool.js";
import { type Connect, Subchannel } from "./subchannel.js";

const placeOf = (name: string, connect: Connect): Place => ({
  name,
  make: (onLoss) => new Subchannel({ name, connect, clock: new FakeClock(), backoff: DEFAULT_BACKOFF, onLoss }),
});

test("a call that waits for a place which is no more gets a connection to one that there is now", async () => {
  const connection = memoryPair(() => assert.fail("nothing is called here"));
  const old = placeOf("old", async () => {
    throw new Error("nothing listens");
  });
  const lookups = [[old], [placeOf("new", async () => connection)]];
  const pool = new Pool("grpc", async () => lookups.shift() ?? [], 1);
  const waiting = pool.connection(true);
  await new Promise(setImmediate);
  assert.deepEqual(await Promise.all([waiting, pool.connection(true)]), [connection, connection]);
});
