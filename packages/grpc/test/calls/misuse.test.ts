/** What types refuse must be refused with a sentence where there are none. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Code, createClient, createServer } from "../../src/index.js";
import { inMemory } from "../../src/testing.js";
import { Echo, PingSchema } from "../gen/kinds/echo_pb.js";

const untypedClient = createClient as (service: unknown, transport: unknown) => unknown;
const untypedServer = () => createServer() as unknown as { service(service: unknown, impl: unknown): unknown };

test("what is no service is refused, by servers and by clients", () => {
  for (const service of [undefined, "kinds.Echo", PingSchema, {}]) {
    const refusal = { name: "TypeError", message: /is no service: expected one that protoc-gen-es has generated$/ };
    assert.throws(() => untypedServer().service(service, {}), refusal);
    assert.throws(() => untypedClient(service, inMemory(createServer())), refusal);
  }
});

test("what is no handler is refused before anybody calls it, and the service may be added again", () => {
  const server = untypedServer();
  const refused = { name: "TypeError", message: "unary of kinds.Echo is no function" };
  assert.throws(() => server.service(Echo, { unary: 5 }), refused);
  const missing = { name: "TypeError", message: /^the handlers of kinds\.Echo are undefined: expected an object/ };
  assert.throws(() => server.service(Echo, undefined), missing);
  server.service(Echo, { unary: () => ({}) });
});

test("one message in place of a stream is refused as what it is", async () => {
  const told: unknown[] = [];
  const server = createServer({ onError: (error) => told.push(error) }).service(Echo, {
    clientStream: async () => ({}),
    serverStream: () => ({ number: 1 }) as unknown as [],
  });
  const client = createClient(Echo, inMemory(server));
  const refusal = /^TypeError: a stream of messages is expected, such as a generator's: .* cannot be iterated$/;
  await assert.rejects(client.clientStream({ number: 1 } as unknown as []), refusal);
  await assert.rejects(client.serverStream({})[Symbol.asyncIterator]().next(), { code: Code.Unknown });
  assert.match(String(told), refusal);
});

test("a timeout that is no number does not stand for none", async () => {
  const client = createClient(Echo, inMemory(createServer().service(Echo, { unary: () => ({}) })));
  for (const timeoutMs of [Number.NaN, "5s" as unknown as number]) {
    await assert.rejects(client.unary({}, { timeoutMs }), {
      code: Code.InvalidArgument,
      rawMessage: `timeoutMs is ${timeoutMs}: expected milliseconds`,
    });
  }
  await client.unary({}, { timeoutMs: Number.POSITIVE_INFINITY });
});

test("what is no transport is refused", () => {
  for (const transport of [undefined, "http://127.0.0.1:50051", {}]) {
    assert.throws(() => untypedClient(Echo, transport), {
      name: "TypeError",
      message: /is no transport: expected what dial\(\) gives, or another$/,
    });
  }
});
