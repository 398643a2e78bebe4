import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { Code, Envelopes, type Many } from "../../src/index.js";
import { PingSchema, type Pong, PongSchema } from "../gen/kinds/echo_pb.js";
import { collect, EchoPair, failure, later } from "./harness.js";

type PongInit = { number: number };

const numbers = (pongs: readonly Pong[]) => pongs.map(({ number }) => number);
const pongs = (...values: number[]): PongInit[] => values.map((number) => ({ number }));

const RESPONSES: Record<string, () => PongInit | Envelopes | Promise<PongInit | Envelopes>> = {
  "a plain object": () => ({ number: 7 }),
  "a message": () => create(PongSchema, { number: 7 }),
  "a promise": async () => ({ number: 7 }),
  "finished envelopes": () => Envelopes.of(PongSchema, pongs(7)),
  "promised envelopes": async () => Envelopes.of(PongSchema, pongs(7)),
};

for (const [form, respond] of Object.entries(RESPONSES)) {
  test(`a unary handler may return ${form}`, async () => {
    await using pair = new EchoPair({ unary: respond });
    assert.equal((await pair.client.unary({ number: 1 })).number, 7);
  });
}

const STREAMS: Record<string, () => Many<PongInit | Envelopes>> = {
  "a plain generator": function* () {
    yield* pongs(1, 2, 3);
  },
  "an async generator": () => later(...pongs(1, 2, 3)),
  "an array": () => pongs(1, 2, 3),
  "an array of messages": () => pongs(1, 2, 3).map((pong) => create(PongSchema, pong)),
  "envelopes between messages": function* () {
    yield { number: 1 };
    yield Envelopes.of(PongSchema, pongs(2, 3));
  },
  "envelopes, as they come": () => later(Envelopes.of(PongSchema, pongs(1)), Envelopes.of(PongSchema, pongs(2, 3))),
  "an iterator of its own, without return()": () => {
    const left = pongs(1, 2, 3);
    const next = async (): Promise<IteratorResult<PongInit>> => {
      const value = left.shift();
      return value === undefined ? { done: true, value } : { done: false, value };
    };
    return { [Symbol.asyncIterator]: () => ({ next }) };
  },
};

for (const [form, respond] of Object.entries(STREAMS)) {
  test(`a handler of a stream of responses may give ${form}`, async () => {
    await using pair = new EchoPair({ serverStream: respond, bidiStream: respond });
    assert.deepEqual(numbers(await collect(pair.client.serverStream({}))), [1, 2, 3]);
    assert.deepEqual(numbers(await collect(pair.client.bidiStream([]))), [1, 2, 3]);
  });
}

test("a stream of responses may be empty", async () => {
  await using pair = new EchoPair({ serverStream: () => [] });
  assert.deepEqual(await collect(pair.client.serverStream({})), []);
});

test("a handler reads its requests one by one, or in batches", async () => {
  await using pair = new EchoPair({
    async clientStream(requests) {
      let number = 0;
      for await (const request of requests) number += request.number;
      return { number };
    },
    async *bidiStream(requests) {
      for await (const batch of requests.batches()) {
        for (const request of batch) yield { number: request.number, received: batch.count };
      }
    },
  });
  const requests = [1, 2, 3, 4].map((number) => ({ number }));
  assert.equal((await pair.client.clientStream(requests)).number, 10);
  const responses = await collect(pair.client.bidiStream(requests));
  assert.deepEqual(numbers(responses), [1, 2, 3, 4]);
  assert.equal(responses[0]?.received, 4, "what was written in one turn arrives as one batch");
});

test("a client streams requests from arrays, generators, async generators and envelopes", async () => {
  await using pair = new EchoPair({
    async clientStream(requests) {
      const received = await collect(requests);
      return { number: received.reduce((sum, { number }) => sum + number, 0), received: received.length };
    },
  });
  const requests = [{ number: 1 }, { number: 2 }];
  const generator = function* () {
    yield* requests;
  };
  for (const form of [requests, generator(), later(...requests), [Envelopes.of(PingSchema, requests)]]) {
    const { number, received } = await pair.client.clientStream(form);
    assert.deepEqual([number, received], [3, 2]);
  }
});

test("a client takes responses in batches", async () => {
  await using pair = new EchoPair({ serverStream: () => pongs(1, 2, 3) });
  const found: number[] = [];
  for await (const batch of pair.client.serverStream({}).batches()) {
    for (let i = 0; i < batch.count; i++) found.push(batch.at(i).number);
  }
  assert.deepEqual(found, [1, 2, 3]);
});

test("a conversation goes back and forth", async () => {
  await using pair = new EchoPair({
    async *bidiStream(requests) {
      for await (const { number } of requests) yield { number: number + 1 };
    },
  });
  let answer: (number: number) => void = () => {};
  const requests = async function* () {
    for (let number = 0; number < 6; ) {
      const answered = new Promise<number>((resolve) => {
        answer = resolve;
      });
      yield { number };
      number = await answered;
    }
  };
  const heard: number[] = [];
  for await (const { number } of pair.client.bidiStream(requests())) {
    heard.push(number);
    answer(number + 1);
  }
  assert.deepEqual(heard, [1, 3, 5]);
});

test("handlers keep their this", async () => {
  class Counter {
    #calls = 0;
    unary() {
      return { number: ++this.#calls };
    }
  }
  await using pair = new EchoPair(new Counter());
  await pair.client.unary({});
  assert.equal((await pair.client.unary({})).number, 2);
});

test("requests are read once: a second loop over them is an error that the handler sees", async () => {
  await using pair = new EchoPair({
    async clientStream(requests) {
      await collect(requests);
      await collect(requests);
      return {};
    },
  });
  await failure(pair.client.clientStream([{ number: 1 }]), Code.Internal);
});

test("envelopes of several messages are no unary response", async () => {
  await using pair = new EchoPair({ unary: () => Envelopes.of(PongSchema, pongs(1, 2)) });
  await failure(pair.client.unary({}), Code.Internal);
});

test("a message of megabytes arrives whole in both directions", async () => {
  await using pair = new EchoPair({ unary: ({ payload }) => ({ payload }) });
  const payload = Uint8Array.from({ length: 3_000_000 }, (_, i) => i * 31);
  assert.deepEqual((await pair.client.unary({ payload })).payload, payload);
});
