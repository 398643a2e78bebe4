import assert from "node:assert/strict";
import { block, Harness, type Open, type Promised, valuesOf } from "./harness.js";

const OPTIONS = { timeout: 10_000 };

export function heads(promise: Promised, open: Open): void {
  promise("a response that is nothing but trailers comes as head and end with the same fields", OPTIONS, async () => {
    await using harness = await Harness.open(open);
    const { client, server } = await harness.pair();
    client.exchange.end();
    await server.untilEnd();
    server.exchange.end(block("grpc-status", "5", "grpc-message", "no such place"));
    assert.equal(await client.untilClosed(), undefined);
    assert.equal(client.status, 200);
    assert.deepEqual(client.fields, ["grpc-status", "5", "grpc-message", "no such place"]);
    assert.equal(client.trailers, client.fields);
  });

  promise("a request may be answered within accept", OPTIONS, async () => {
    await using harness = await Harness.open(open, {}, ({ exchange }) => {
      exchange.head(block("allow", "POST"), 405);
      exchange.end();
    });
    const client = harness.call();
    client.exchange.end();
    await client.untilClosed();
    assert.equal(client.status, 405);
    assert.deepEqual(valuesOf(client.fields, "allow"), ["POST"]);
    assert.notEqual(client.trailers, undefined);
  });

  promise("the head of a response comes before anything is written", OPTIONS, async () => {
    await using harness = await Harness.open(open);
    const { client, server } = await harness.pair();
    server.exchange.head(block("x-first", "yes"));
    await client.untilHead();
    assert.deepEqual(valuesOf(client.fields, "x-first"), ["yes"]);
    client.exchange.end();
    await server.untilEnd();
    server.exchange.end();
    await client.untilClosed();
  });

  promise("fields keep their values, repeated, binary, empty and long ones", OPTIONS, async () => {
    await using harness = await Harness.open(open);
    const long = "abcdefghij".repeat(800);
    const fields = ["x-one", "1", "x-two", "a", "x-two", "b, c", "x-bin", "AAEC/w==", "x-empty", "", "x-long", long];
    const { client, server } = await harness.pair(undefined, block("content-type", "application/grpc", ...fields));
    client.exchange.end();
    await server.untilEnd();
    server.exchange.head(block(...fields));
    server.exchange.end(block("grpc-status", "0", ...fields));
    await client.untilClosed();
    for (const seen of [server.exchange.fields, client.fields, client.trailers ?? []]) {
      assert.deepEqual(valuesOf(seen, "x-two"), ["a", "b, c"]);
      assert.deepEqual(valuesOf(seen, "x-bin"), ["AAEC/w=="]);
      assert.deepEqual(valuesOf(seen, "x-empty"), [""]);
      assert.deepEqual(valuesOf(seen, "x-long"), [long]);
    }
  });

  promise("a block may be sent again and again", OPTIONS, async () => {
    await using harness = await Harness.open(open);
    const [request, head, trailers] = [block("x-request", "r"), block("x-head", "h"), block("grpc-status", "0")];
    for (let i = 0; i < 3; i++) {
      const { client, server } = await harness.pair("/test.Service/Same", request);
      assert.deepEqual(valuesOf(server.exchange.fields, "x-request"), ["r"]);
      client.exchange.end();
      await server.untilEnd();
      server.exchange.head(head);
      server.exchange.end(trailers);
      await client.untilClosed();
      assert.deepEqual(client.fields, ["x-head", "h"]);
      assert.deepEqual(client.trailers, ["grpc-status", "0"]);
    }
  });
}
