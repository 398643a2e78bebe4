/** An implementation written for Connect's router runs on our server as it is; the types of handlers refuse wrong shapes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Code as ConnectCode,
  ConnectError,
  type ServiceImpl as ConnectImpl,
  createContextKey,
  type HandlerContext,
} from "@connectrpc/connect";
import { Code, createServer, Envelopes } from "../../src/index.js";
import { Echo, type Ping, PingSchema, PongSchema } from "../gen/kinds/echo_pb.js";
import { collect, EchoPair, failure } from "./harness.js";

const USER = createContextKey("nobody");

/** As somebody wrote it who never heard of us. */
const written: ConnectImpl<typeof Echo> = {
  async unary(request, context) {
    context.values.set(USER, "somebody");
    context.responseHeader.set("x-method", `${context.service.typeName}/${context.method.name}`);
    context.responseTrailer.set("x-user", context.values.get(USER));
    if (request.number < 0) throw new ConnectError("negative", ConnectCode.OutOfRange, { "x-limit": "0" });
    return { number: request.number, text: `${context.protocolName} ${context.requestMethod}` };
  },
  async *serverStream(request, context) {
    for (let number = 0; number < request.number; number++) {
      context.signal.throwIfAborted();
      yield { number };
    }
  },
  async clientStream(requests: AsyncIterable<Ping>, context: HandlerContext) {
    let number = 0;
    for await (const request of requests) number += request.number;
    return { number, text: context.requestHeader.get("x-name") ?? "" };
  },
  async *bidiStream(requests) {
    for await (const { number } of requests) yield { number };
  },
  lookup: ({ number }) => ({ number }),
  async missing() {
    throw new ConnectError("not here", ConnectCode.Unimplemented);
  },
};

test("an implementation for Connect's router runs unchanged", async () => {
  const server = createServer().service(Echo, written);
  assert.equal(server.services.length, 1);
  await using pair = new EchoPair(written);
  const { client } = pair;
  let header: Headers | undefined;
  let trailer: Headers | undefined;
  const onHeader = (fields: Headers) => {
    header = fields;
  };
  const onTrailer = (fields: Headers) => {
    trailer = fields;
  };
  const { number, text } = await client.unary({ number: 5 }, { onHeader, onTrailer });
  assert.deepEqual([number, text], [5, "grpc POST"]);
  assert.equal(header?.get("x-method"), "kinds.Echo/Unary");
  assert.equal(trailer?.get("x-user"), "somebody");
  const error = await failure(client.unary({ number: -1 }), Code.OutOfRange);
  assert.equal(error.metadata.get("x-limit"), "0");
  assert.equal((await collect(client.serverStream({ number: 3 }))).length, 3);
  const sum = await client.clientStream([{ number: 1 }, { number: 2 }], { headers: { "x-name": "sum" } });
  assert.deepEqual([sum.number, sum.text], [3, "sum"]);
  assert.equal((await collect(client.bidiStream([{ number: 1 }, { number: 2 }]))).length, 2);
  await failure(client.missing({}), Code.Unimplemented);
});

test("a class as Connect's router takes it serves too, its fields included", async () => {
  class EchoService implements Partial<ConnectImpl<typeof Echo>> {
    readonly #greeting = "hello";
    calls = 0;

    async unary(request: Ping, _context: HandlerContext) {
      this.calls++;
      return { text: `${this.#greeting} ${request.text}` };
    }

    async *bidiStream(requests: AsyncIterable<Ping>) {
      for await (const { text } of requests) yield { text: `${this.#greeting} ${text}` };
    }
  }
  const service = new EchoService();
  await using pair = new EchoPair(service);
  assert.equal((await pair.client.unary({ text: "you" })).text, "hello you");
  assert.equal((await collect(pair.client.bidiStream([{ text: "all" }])))[0]?.text, "hello all");
  assert.equal(service.calls, 1);
});

test("the types refuse handlers of wrong shapes", () => {
  const server = createServer();
  const add = (register: () => void) => assert.equal(typeof register, "function");
  // Only compiled: each line that is expected to be refused fails the build if it is accepted.
  add(() => {
    // @ts-expect-error a field that the response does not have
    server.service(Echo, { unary: () => ({ nme: 1 }) });
    // @ts-expect-error the same in a promise
    server.service(Echo, { unary: async () => ({ nme: 1 }) });
    // @ts-expect-error a field of another type
    server.service(Echo, { unary: () => ({ number: "1" }) });
    // @ts-expect-error a message of another type
    server.service(Echo, { unary: () => new Date() });
    // @ts-expect-error no response
    server.service(Echo, { unary: () => {} });
    server.service(Echo, {
      // @ts-expect-error a stream where one response is due
      *unary() {
        yield { number: 1 };
      },
    });
    // @ts-expect-error one response where a stream is due
    server.service(Echo, { serverStream: () => ({ number: 1 }) });
    // @ts-expect-error a promised stream
    server.service(Echo, { serverStream: async () => [{ number: 1 }] });
    server.service(Echo, {
      // @ts-expect-error a field that the response does not have, yielded
      *serverStream() {
        yield { nme: 1 };
      },
    });
    server.service(Echo, {
      // @ts-expect-error the same, later
      async *bidiStream() {
        yield { nme: 1 };
      },
    });
    // @ts-expect-error a single request where requests are a stream
    server.service(Echo, { clientStream: async (request: Ping) => ({ number: request.number }) });
    // @ts-expect-error envelopes are sent, not received
    server.service(Echo, { unary: (request: Envelopes) => ({ number: request.count }) });
    // @ts-expect-error a method that the service does not have
    server.service(Echo, { unry: () => ({}) });
    // @ts-expect-error something that looks like envelopes but has no bytes
    server.service(Echo, { unary: () => ({ count: 1 }) });
    server.service(Echo, {
      unary: () => Envelopes.of(PongSchema, [{ number: 1 }]),
      *serverStream() {
        yield { number: 1 };
        yield Envelopes.of(PongSchema, [{ number: 2 }]);
      },
      clientStream: async () => Envelopes.of(PongSchema, [{}]),
      bidiStream: async function* (requests) {
        for await (const batch of requests.batches()) for (const { number } of batch) yield { number };
      },
    });
  });
});

test("the types of a client refuse wrong requests and know the responses", () => {
  const check = (use: (pair: EchoPair) => unknown) => assert.equal(typeof use, "function");
  check(async ({ client }) => {
    // @ts-expect-error a field that the request does not have
    await client.unary({ nme: 1 });
    // @ts-expect-error a single request where a stream is due
    await client.clientStream({ number: 1 });
    // @ts-expect-error a stream of something else
    await client.clientStream([{ nme: 1 }]);
    // @ts-expect-error envelopes are for streams
    await client.unary(Envelopes.of(PingSchema, [{}]));
    // @ts-expect-error a stream is not awaited but iterated
    (await client.serverStream({})).number;
    // @ts-expect-error an option that calls do not have
    await client.unary({}, { timeout: 5 });
    const number: number = (await client.unary({ number: 1 })).number;
    for await (const pong of client.bidiStream([Envelopes.of(PingSchema, [{ number }])])) pong.received.toFixed();
  });
});
