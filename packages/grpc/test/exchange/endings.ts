import assert from "node:assert/strict";
import { ResetCode } from "../../src/exchange.js";
import { block, Harness, type Open, type Promised, pattern } from "./harness.js";
import type { Recorder } from "./recorder.js";

const OPTIONS = { timeout: 10_000 };
const ANSWER = pattern(1_000_000);

export function endings(promise: Promised, open: Open): void {
  promise("the server may go on after the client has ended", OPTIONS, async () => {
    await using harness = await Harness.open(open);
    const { client, server } = await harness.pair();
    client.exchange.end();
    await server.untilEnd();
    server.exchange.head(block());
    for (let i = 1; i <= 5; i++) {
      server.exchange.write(ANSWER, 0, 10);
      await client.untilBytes(i * 10);
    }
    server.exchange.end(block("grpc-status", "0"));
    assert.equal(await client.untilClosed(), undefined);
    assert.equal(await server.untilClosed(), undefined);
  });

  promise("a server that ends first stops the request, and its whole answer arrives", OPTIONS, async () => {
    await using harness = await Harness.open(open);
    const { client, server } = await harness.pair();
    const sending = client.send(pattern(8_000_000), 16_384);
    await server.untilBytes(1);
    server.exchange.head(block());
    server.exchange.write(ANSWER, 0, ANSWER.length);
    server.exchange.end(block("grpc-status", "8"));
    assert.equal(await client.untilClosed(), ResetCode.NoError);
    assert.equal(await server.untilClosed(), ResetCode.NoError);
    assert.ok(client.body.equals(ANSWER));
    assert.deepEqual(client.trailers, ["grpc-status", "8"]);
    await sending;
  });

  promise("a server that reads nothing and answers with trailers only stops the request", OPTIONS, async () => {
    await using harness = await Harness.open(open);
    const { client, server } = await harness.pair();
    server.consumes = false;
    const sending = client.send(pattern(8_000_000), 16_384);
    await server.untilBytes(1);
    server.exchange.end(block("grpc-status", "8"));
    assert.equal(await client.untilClosed(), ResetCode.NoError);
    assert.deepEqual(client.trailers, ["grpc-status", "8"]);
    await sending;
  });

  for (const side of ["client", "server"] as const) {
    promise(`a reset by the ${side} reaches the other side with its code, whatever is queued`, OPTIONS, async () => {
      await using harness = await Harness.open(open);
      for (const code of [ResetCode.Cancel, ResetCode.InternalError, ResetCode.EnhanceYourCalm]) {
        const pair = await harness.pair();
        const [by, other] = side === "client" ? [pair.client, pair.server] : [pair.server, pair.client];
        pair.server.exchange.head(block());
        await pair.client.untilHead();
        other.consumes = false;
        by.exchange.write(ANSWER, 0, ANSWER.length);
        other.exchange.write(ANSWER, 0, 1000);
        by.exchange.reset(code);
        assert.equal(await by.untilClosed(), code);
        assert.equal(await other.untilClosed(), code);
      }
    });
  }

  for (const side of ["client", "server"] as const) {
    promise(`what the ${side} resets never looks as if it had been sent whole`, OPTIONS, async () => {
      await using harness = await Harness.open(open);
      const { client, server } = await harness.pair();
      server.exchange.head(block());
      await client.untilHead();
      const [by, other] = side === "client" ? [client, server] : [server, client];
      by.exchange.write(ANSWER, 0, 10);
      await other.untilBytes(10);
      by.exchange.reset(ResetCode.Cancel);
      assert.notEqual(await other.untilClosed(), undefined);
      assert.equal(other.trailers, undefined);
    });
  }

  promise("a server can refuse a request before it looks at it", OPTIONS, async () => {
    await using harness = await Harness.open(open, {}, ({ exchange }) => exchange.reset(ResetCode.RefusedStream));
    const client = harness.call();
    assert.equal(await client.untilClosed(), ResetCode.RefusedStream);
    assert.equal(client.status, 0);
  });

  promise("a client can reset in the turn in which it opens", OPTIONS, async () => {
    await using harness = await Harness.open(open);
    const client = harness.call();
    client.exchange.reset(ResetCode.Cancel);
    assert.equal(await client.untilClosed(), ResetCode.Cancel);
  });

  promise("when the connection is cut both sides lose all exchanges", OPTIONS, async () => {
    let onClosed: () => void = () => {};
    const closed = new Promise<void>((resolve) => {
      onClosed = resolve;
    });
    await using harness = await Harness.open(open, { events: { closed: () => onClosed() } });
    const pairs = [await harness.pair("/test.Service/A"), await harness.pair("/test.Service/B")];
    pairs[0]?.server.exchange.head(block());
    await pairs[0]?.client.untilHead();
    harness.cut();
    for (const { client, server } of pairs) {
      assert.equal(await client.untilClosed(), ResetCode.ConnectionLost);
      assert.equal(await server.untilClosed(), ResetCode.ConnectionLost);
    }
    await closed;
    assert.equal(harness.connection.openable, 0);
  });

  promise("after the close every call does nothing", OPTIONS, async () => {
    await using harness = await Harness.open(open);
    const { client, server } = await harness.pair();
    client.exchange.reset(ResetCode.Cancel);
    await Promise.all([client.untilClosed(), server.untilClosed()]);
    for (const { exchange } of [client, server] satisfies Recorder[]) {
      exchange.head(block("x-late", "1"));
      exchange.write(ANSWER, 0, 10);
      exchange.consumed(10);
      exchange.end(block("grpc-status", "0"));
      exchange.reset(ResetCode.InternalError);
      exchange.release();
    }
  });
}
