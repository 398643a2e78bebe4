/** Reads are overwritten once nobody looks at them any more: whatever a client was given must stay as it was. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Accept, HeaderBlock } from "../../src/exchange.js";
import {
  type Batch,
  type Client,
  type ClientOptions,
  createClient,
  createServer,
  jsonFormat,
  type Responses,
  serviceConfig,
} from "../../src/index.js";
import { gzip } from "../../src/node.js";
import { Recorder } from "../exchange/recorder.js";
import { Echo, type Pong, type PongSchema } from "../gen/kinds/echo_pb.js";
import { H2Pair, type PairOptions } from "../h2-pair.js";
import { collect, type EchoImpl, envelope, ping, transportOf } from "./harness.js";

class OverwrittenPair implements Disposable {
  readonly pair: H2Pair;
  readonly client: Client<typeof Echo>;

  constructor(accept: Accept, options: ClientOptions = {}, protocolName = "grpc", pair: PairOptions = {}) {
    this.pair = new H2Pair(accept, pair);
    this.client = createClient(Echo, { ...transportOf(this.pair.client), protocolName }, options);
  }

  [Symbol.dispose](): void {
    this.pair.client.close();
    this.pair.settle();
  }
}

const serve = (impl: EchoImpl): Accept =>
  createServer({ compressions: [gzip], compressMinBytes: 0 }).service(Echo, impl).accept;

const turned = () => new Promise<void>((resolve) => setImmediate(resolve));

/** All ways to read a stream, each with a pause where it may have one. */
const READERS = {
  async atOnce(responses: Responses<typeof PongSchema>) {
    const pongs: Pong[] = [];
    await responses.forEachBatch((batch) => {
      pongs.push(...batch);
    });
    return pongs;
  },
  async later(responses: Responses<typeof PongSchema>) {
    const pongs: Pong[] = [];
    await responses.forEachBatch(async (batch) => {
      await turned();
      pongs.push(...batch);
    });
    return pongs;
  },
  async batches(responses: Responses<typeof PongSchema>) {
    const pongs: Pong[] = [];
    for await (const batch of responses.batches()) {
      await turned();
      pongs.push(...batch);
    }
    return pongs;
  },
  async oneByOne(responses: Responses<typeof PongSchema>) {
    const pongs: Pong[] = [];
    for await (const pong of responses) {
      pongs.push(pong);
      if (pongs.length % 3 === 0) await turned();
    }
    return pongs;
  },
};

const retryPolicy = {
  maxAttempts: 2,
  initialBackoff: "0.01s",
  maxBackoff: "0.01s",
  backoffMultiplier: 1,
  retryableStatusCodes: ["UNAVAILABLE"],
};
const CLIENTS: Readonly<Record<string, { protocol?: string; options: ClientOptions }>> = {
  grpc: { options: {} },
  compressed: { options: { compressions: [gzip] } },
  json: { options: { format: jsonFormat() } },
  retried: { options: { serviceConfig: serviceConfig({ methodConfig: [{ name: [{}], retryPolicy }] }) } },
  web: { protocol: "grpc-web", options: {} },
  connect: { protocol: "connect", options: {} },
};

const message = fc.record(
  {
    text: fc.oneof(fc.string({ maxLength: 200 }), fc.string({ unit: "grapheme", maxLength: 40 })),
    payload: fc.oneof(
      fc.uint8Array({ maxLength: 50 }),
      fc.integer({ min: 1000, max: 40_000 }).map((length) => new Uint8Array(length).fill(length)),
    ),
  },
  { noNullPrototype: true },
);
const contentOf = ({ text, payload }: { readonly text: string; readonly payload: Uint8Array }) => ({ text, payload });

for (const [name, { protocol, options }] of Object.entries(CLIENTS)) {
  test(`${name}: what a client was given does not change, however reads are cut and responses read`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(message, { minLength: 1, maxLength: 12 }),
        fc.constantFrom(...Object.values(READERS)),
        fc.infiniteStream(fc.integer({ min: 1, max: 30_000 })),
        async (messages, read, cuts) => {
          const impl: EchoImpl = {
            unary: ({ number }) => messages[number] ?? {},
            serverStream: () => messages,
            clientStream: async (requests) => ({
              payload: (await collect(requests)).at(-1)?.payload ?? new Uint8Array(),
            }),
            async *bidiStream(requests) {
              for await (const request of requests) yield contentOf(request);
            },
          };
          using over = new OverwrittenPair(serve(impl), options, protocol, { cut: () => cuts.next().value ?? 1 });
          const { client } = over;
          const [streamed, echoed, last, ...single] = await Promise.all([
            read(client.serverStream({})),
            read(client.bidiStream(messages)),
            client.clientStream(messages),
            ...messages.map((_, number) => client.unary({ number })),
          ]);
          assert.deepEqual(streamed.map(contentOf), messages);
          assert.deepEqual(echoed.map(contentOf), messages);
          assert.deepEqual(last.payload, messages.at(-1)?.payload);
          assert.deepEqual(single.map(contentOf), messages);
          assert.ok(over.pair.overwritten > 0);
        },
      ),
      { numRuns: 15 },
    );
  });
}

test("a read is let go if its batch is used at once, and not while somebody has the batch", async () => {
  using over = new OverwrittenPair(serve({ serverStream: () => [{ text: "somewhere" }] }));
  let kept: Batch<Pong> | undefined;
  await over.client.serverStream({}).forEachBatch((batch) => {
    kept = batch;
  });
  assert.throws(() => kept?.at(0), "it is valid until the function returns");

  for await (const batch of over.client.serverStream({}).batches()) kept = batch;
  assert.equal(kept?.at(0).text, "somewhere");
});

/** The body that each protocol ends a response with, and the trailers. */
const ENDS: Readonly<Record<string, { body: Uint8Array; trailers: HeaderBlock }>> = {
  grpc: { body: new Uint8Array(), trailers: { fields: ["grpc-status", "0"] } },
  "grpc-web": { body: envelope(Buffer.from("grpc-status: 0\r\n"), 0x80), trailers: { fields: [] } },
};

for (const [protocol, { body, trailers }] of Object.entries(ENDS)) {
  test(`${protocol}: a response whose end comes in a later read is kept as far as it is needed`, async () => {
    const requests: Recorder[] = [];
    const accept: Accept = (exchange) => {
      const request = new Recorder();
      request.exchange = exchange;
      requests.push(request);
      return request;
    };
    using over = new OverwrittenPair(accept, {}, protocol);
    const { client, pair } = over;
    const single = client.unary({});
    const stream = READERS.atOnce(client.serverStream({}));
    pair.settle();
    const response = Buffer.concat([ping({ text: "somewhere" }), body]);
    for (const { exchange } of requests) {
      exchange.head({ fields: ["content-type", `application/${protocol}`] });
      exchange.write(response, 0, response.length);
      pair.settle();
    }
    for (const { exchange } of requests) exchange.end(trailers);
    assert.equal((await single).text, "somewhere");
    assert.deepEqual(
      (await stream).map(({ text }) => text),
      ["somewhere"],
    );
  });
}
