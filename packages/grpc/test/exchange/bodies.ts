import assert from "node:assert/strict";
import { block, Harness, type Open, type Promised, pattern, quiesce } from "./harness.js";

const BIG = pattern(5_000_000);
const OPTIONS = { timeout: 30_000 };
/** More than any carrier may take from a writer whose reader stands still: windows, queues and what sockets hold. */
const STALLED_BYTES = 12_000_000;

export function bodies(promise: Promised, open: Open): void {
  promise("a request and its response with head, body and trailers", OPTIONS, async () => {
    await using harness = await Harness.open(open);
    const { client, server } = await harness.pair("/test.Service/Echo?x=1");
    assert.equal(server.exchange.verb, "POST");
    assert.equal(server.exchange.path, "/test.Service/Echo?x=1");
    assert.notEqual(server.exchange.authority, "");
    client.exchange.write(Buffer.from("question"), 0, 8);
    client.exchange.end();
    await server.untilEnd();
    assert.equal(server.body.toString(), "question");
    server.exchange.head(block("content-type", "application/grpc"));
    server.exchange.write(Buffer.from("an answer!"), 3, 9);
    server.exchange.end(block("grpc-status", "0"));
    assert.equal(await client.untilClosed(), undefined);
    assert.equal(await server.untilClosed(), undefined);
    assert.equal(client.status, 200);
    assert.deepEqual(client.fields, ["content-type", "application/grpc"]);
    assert.equal(client.body.toString(), "answer");
    assert.deepEqual(client.trailers, ["grpc-status", "0"]);
  });

  promise("messages go back and forth before either side ends", OPTIONS, async () => {
    await using harness = await Harness.open(open);
    const { client, server } = await harness.pair();
    server.exchange.head(block());
    await client.untilHead();
    server.onTurn = () => server.exchange.write(server.body, server.received - 1, server.received);
    for (let i = 1; i <= 20; i++) {
      client.exchange.write(Uint8Array.of(i), 0, 1);
      await client.untilBytes(i);
    }
    client.exchange.end();
    await server.untilEnd();
    assert.equal(server.turns, 20);
    server.exchange.end();
    assert.equal(await client.untilClosed(), undefined);
    assert.deepEqual([...client.body], [...server.body]);
  });

  promise("big bodies arrive byte for byte both ways at once", OPTIONS, async () => {
    await using harness = await Harness.open(open);
    const { client, server } = await harness.pair();
    server.exchange.head(block());
    const waits = await Promise.all([client.send(BIG, 30_000), server.send(BIG, 50_000)]);
    client.exchange.end();
    await server.untilEnd();
    server.exchange.end(block("grpc-status", "0"));
    assert.equal(await client.untilClosed(), undefined);
    assert.ok(server.body.equals(BIG));
    assert.ok(client.body.equals(BIG));
    assert.ok(waits.every((count) => count > 0));
    assert.deepEqual([client.writables, server.writables], waits);
  });

  promise("one write may hold more than all windows", OPTIONS, async () => {
    await using harness = await Harness.open(open);
    const { client, server } = await harness.pair();
    server.exchange.head(block());
    assert.equal(server.exchange.write(BIG, 0, BIG.length), false);
    server.exchange.end(block("grpc-status", "0"));
    await client.untilEnd();
    assert.ok(client.body.equals(BIG));
    client.exchange.end();
    await client.untilClosed();
  });

  promise("many small ranges of one turn arrive in their order", OPTIONS, async () => {
    await using harness = await Harness.open(open);
    const { client, server } = await harness.pair();
    const expected: Uint8Array[] = [];
    for (let i = 0; i < 3000; i++) {
      // Some follow each other in the same bytes, some overlap, some stand alone, a few are long.
      const start = (i * 37) % 3000;
      const end = start + (i % 100 === 0 ? 20_000 : 37);
      expected.push(BIG.subarray(start, end));
      client.exchange.write(BIG, start, end);
    }
    client.exchange.end();
    await server.untilEnd();
    assert.ok(server.body.equals(Buffer.concat(expected)));
    server.exchange.end();
    await client.untilClosed();
  });

  for (const direction of ["up", "down"] as const) {
    promise(`a reader that gives nothing back stops the writer (${direction}), and nobody else`, OPTIONS, async () => {
      await using harness = await Harness.open(open);
      const { client, server } = await harness.pair();
      const [writer, reader] = direction === "up" ? [client, server] : [server, client];
      reader.consumes = false;
      server.exchange.head(block());
      const body = pattern(STALLED_BYTES + 4_000_000);
      const sent = writer.send(body, 16_384);
      await quiesce(harness);
      assert.ok(reader.received < STALLED_BYTES, `${reader.received} bytes came`);
      reader.consumes = true;
      reader.consume();
      await sent;
      client.exchange.end();
      await server.untilEnd();
      server.exchange.end();
      await client.untilClosed();
      assert.ok(reader.body.equals(body));
    });
  }

  promise("a thousand exchanges at once each get their own answer", OPTIONS, async () => {
    await using harness = await Harness.open(open, {}, (request) => {
      request.onTurn = undefined;
      void request.untilEnd().then(() => {
        request.exchange.head(block());
        request.exchange.write(request.body, 0, request.received);
        request.exchange.end(block("grpc-status", "0"));
      });
    });
    const clients = Array.from({ length: 1000 }, (_, i) => {
      const client = harness.call();
      const body = Buffer.from(`exchange ${i}`);
      client.exchange.write(body, 0, body.length);
      client.exchange.end();
      return client;
    });
    await Promise.all(clients.map((client) => client.untilClosed()));
    for (const [i, client] of clients.entries()) {
      assert.equal(client.code, undefined);
      assert.equal(client.body.toString(), `exchange ${i}`);
    }
  });
}
