import assert from "node:assert/strict";
import { ResetCode } from "../../src/exchange.js";
import { block, Harness, type Open, type Promised, quiesce } from "./harness.js";
import type { Recorder } from "./recorder.js";

const OPTIONS = { timeout: 10_000 };

export function connections(promise: Promised, open: Open): void {
  promise("exchanges beyond what the server takes wait, written already, and leave in order", OPTIONS, async () => {
    await using harness = await Harness.open(open, { maxExchanges: 2 });
    assert.equal(harness.connection.openable, 2);
    const clients = [1, 2, 3, 4].map((i) => {
      const client = harness.call(`/test.Service/Call${i}`);
      client.exchange.write(Uint8Array.of(i), 0, 1);
      client.exchange.end();
      return client;
    });
    assert.equal(harness.connection.openable, 0);
    for (const [i, client] of clients.entries()) {
      const server = await harness.request(i);
      assert.equal(server.exchange.path, `/test.Service/Call${i + 1}`);
      await server.untilEnd();
      assert.deepEqual([...server.body], [i + 1]);
      assert.ok(harness.requests.length <= i + 2);
      server.exchange.end(block("grpc-status", "0"));
      assert.equal(await client.untilClosed(), undefined);
    }
  });

  promise("a slot is taken until the handler has settled", OPTIONS, async () => {
    await using harness = await Harness.open(open, { maxExchanges: 2 }, (request) => {
      request.releases = request.exchange.path !== "/test.Service/Slow";
    });
    const slow = await harness.pair("/test.Service/Slow");
    slow.client.exchange.reset(ResetCode.Cancel);
    await Promise.all([slow.client.untilClosed(), slow.server.untilClosed()]);
    const other = await harness.pair();
    let beyond: Recorder = harness.call();
    other.client.exchange.write(Uint8Array.of(1), 0, 1);
    await other.server.untilBytes(1);
    assert.equal(harness.requests.length, 2);
    slow.server.exchange.release();
    // An engine may have refused it, or have let it wait.
    while ((await Promise.race([beyond.untilClosed(), harness.request(2)])) === ResetCode.RefusedStream) {
      beyond = harness.call();
    }
    assert.equal(harness.requests.length, 3);
  });

  promise("an exchange that waits can be reset, and never reaches the server", OPTIONS, async () => {
    await using harness = await Harness.open(open, { maxExchanges: 1 });
    const first = await harness.pair();
    const waiting = harness.call("/test.Service/Waiting");
    const third = harness.call("/test.Service/Third");
    waiting.exchange.reset(ResetCode.Cancel);
    assert.equal(await waiting.untilClosed(), ResetCode.Cancel);
    first.client.exchange.reset(ResetCode.Cancel);
    assert.equal((await harness.request(1)).exchange.path, "/test.Service/Third");
    third.exchange.reset(ResetCode.Cancel);
  });

  promise("says when it takes exchanges again", OPTIONS, async () => {
    let told = 0;
    await using harness = await Harness.open(open, { maxExchanges: 1, events: { openable: () => told++ } });
    const { client, server } = await harness.pair();
    assert.equal(harness.connection.openable, 0);
    const before = told;
    client.exchange.end();
    await server.untilEnd();
    server.exchange.end();
    await client.untilClosed();
    await quiesce(harness, 1);
    assert.ok(told > before);
  });

  promise("a drained connection lets its exchanges end, refuses new ones and closes", OPTIONS, async () => {
    let onClosed: (reason: Error | undefined) => void = () => {};
    const closed = new Promise<Error | undefined>((resolve) => {
      onClosed = resolve;
    });
    await using harness = await Harness.open(open, { events: { closed: (reason) => onClosed(reason) } });
    const { client, server } = await harness.pair();
    harness.connection.drain();
    assert.equal(harness.connection.openable, 0);
    const late = harness.call();
    assert.equal(await late.untilClosed(), ResetCode.RefusedStream);
    client.exchange.end();
    await server.untilEnd();
    server.exchange.end(block("grpc-status", "0"));
    assert.equal(await client.untilClosed(), undefined);
    assert.equal(await closed, undefined);
    assert.equal(harness.requests.length, 1);
  });

  promise("when a connection is closed, what had left is lost and what waits is refused", OPTIONS, async () => {
    await using harness = await Harness.open(open, { maxExchanges: 1 });
    const { client, server } = await harness.pair();
    const waiting = harness.call();
    harness.connection.close();
    assert.equal(await client.untilClosed(), ResetCode.ConnectionLost);
    assert.equal(await waiting.untilClosed(), ResetCode.RefusedStream);
    assert.equal(await server.untilClosed(), ResetCode.ConnectionLost);
    assert.equal(harness.connection.openable, 0);
  });
}
