/** What types refuse must be refused with a sentence where there are none. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accessLog,
  Code,
  createClient,
  createServer,
  decodeBinaryHeader,
  EnvelopeBuilder,
  Envelopes,
  encodeBinaryHeader,
  type Interceptor,
  jsonFormat,
  RpcError,
  slowCallLog,
} from "../../src/index.js";
import { dial } from "../../src/node.js";
import { createHealth } from "../../src/services/health.js";
import { serverMetrics } from "../../src/services/prometheus.js";
import { addReflection } from "../../src/services/reflection.js";
import { shown } from "../../src/shown.js";
import { inMemory } from "../../src/testing.js";
import { webSocket } from "../../src/websocket.js";
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
  const refused = { name: "TypeError", message: "unary of kinds.Echo is 5: expected a function" };
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
  const refusal = /expected a stream of messages, such as a generator's or an array: an object cannot be iterated$/;
  await assert.rejects(client.clientStream({ number: 1 } as unknown as []), {
    code: Code.Internal,
    rawMessage: refusal,
  });
  await assert.rejects(client.serverStream({})[Symbol.asyncIterator]().next(), { code: Code.Unknown });
  assert.match(String(told), refusal);
});

test("a timeout that is no number does not stand for none", async () => {
  const client = createClient(Echo, inMemory(createServer().service(Echo, { unary: () => ({}) })));
  for (const timeoutMs of [Number.NaN, "5s" as unknown as number]) {
    await assert.rejects(client.unary({}, { timeoutMs }), {
      code: Code.InvalidArgument,
      rawMessage: `timeoutMs is ${shown(timeoutMs)}: expected milliseconds`,
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

test("a handler that no method will call is refused, with the method that may be meant", () => {
  const refused = (impl: object, message: string) =>
    assert.throws(() => untypedServer().service(Echo, impl), { name: "TypeError", message });
  const service = "kinds.Echo has no method for the handler";
  refused({ serverStraem: () => [] }, `${service} serverStraem: did you mean serverStream?`);
  refused({ Unary: () => ({}) }, `${service} Unary: did you mean unary?`);
  refused({ unary: () => ({}), other() {} }, `${service} other`);
  class Misspelt {
    unray() {}
  }
  refused(new Misspelt(), `${service} unray: did you mean unary?`);
  refused([], "the handlers of kinds.Echo are an array: expected an object with a function a method");
});

test("objects of a class may have functions beside their handlers", () => {
  class Handlers {
    readonly count = 0;
    unary() {
      return { number: this.next() };
    }
    next() {
      return this.count + 1;
    }
  }
  untypedServer().service(Echo, new Handlers());
});

test("options that are none, and values that they cannot have, are refused at once", () => {
  const server = createServer as (options: unknown) => unknown;
  const client = (options: unknown) => createClient(Echo, inMemory(createServer()), options as object);
  assert.throws(
    () => server({ interceptor: [] }),
    /createServer\(\) has no option "interceptor": did you mean interceptors\?/,
  );
  assert.throws(
    () => server({ compressions: ["gzip"] }),
    /^TypeError: compressions is an array: expected an array of compressions/,
  );
  assert.throws(() => createServer().service(Echo, {}, { readMaxBytes: Number.NaN }), RangeError);
  assert.throws(() => client({ compression: "gzip" }), /^TypeError: compression is "gzip": expected a compression/);
  assert.throws(() => client({ format: "json" }), /^TypeError: format is "json": expected "proto" or a codec/);
  assert.throws(
    () => client({ defaults: { timeoutMs: "5s" } }),
    /^TypeError: timeoutMs is "5s": expected milliseconds/,
  );
});

test("an interceptor that returns no function is refused before any call", () => {
  const nothing = (() => undefined) as unknown as Interceptor;
  const refused = /^TypeError: an interceptor has returned undefined for kinds\.Echo\/Unary: expected the function/;
  assert.throws(() => createServer({ interceptors: [nothing] }).service(Echo, {}), refused);
  assert.throws(() => createClient(Echo, inMemory(createServer()), { interceptors: [nothing] }), refused);
});

test("an interceptor that forgets to return the response fails its calls", async () => {
  const forgets: Interceptor = (next) => (request, call) => {
    next(request, call);
  };
  const transport = inMemory(createServer().service(Echo, { unary: () => ({}), serverStream: () => [{}] }));
  const client = createClient(Echo, transport, { interceptors: [forgets] });
  const refused = { code: Code.Internal, rawMessage: /has returned nothing: expected what next\(\) gave it/ };
  await assert.rejects(client.unary({}), refused);
  assert.throws(() => client.serverStream({}), refused);
});

test("options of a call that are none, or of the wrong type, fail the call", async () => {
  const client = createClient(Echo, inMemory(createServer().service(Echo, { unary: () => ({}) })));
  const refused = async (options: unknown, rawMessage: string) =>
    assert.rejects(client.unary({}, options as object), { code: Code.InvalidArgument, rawMessage });
  await refused({ timeout: 5 }, 'a call has no option "timeout": did you mean timeoutMs?');
  await refused({ timeoutMs: "500" }, 'timeoutMs is "500": expected milliseconds');
  await refused({ signal: new AbortController() }, "signal is an AbortController: expected an AbortSignal");
  await refused(null, "a call got null as its options: expected an object");
});

test("messages that cannot be encoded fail the call with the reason, however they fail", async () => {
  const server = createServer({ onError: () => {} }).service(Echo, {
    unary: () => ({}),
    clientStream: async () => ({}),
  });
  const client = createClient(Echo, inMemory(server));
  const refused = (message: unknown, rawMessage: RegExp) =>
    assert.rejects(client.unary(message as object), { code: Code.Internal, rawMessage });
  await refused([{ number: 1 }], /^cannot encode kinds\.Ping: got an array$/);
  await refused(Promise.resolve({ number: 1 }), /^cannot encode kinds\.Ping: got a Promise$/);
  const throwing = {
    get number(): number {
      throw new Error("no number");
    },
  };
  await refused(throwing, /^cannot encode kinds\.Ping: no number$/);
});

test("a handler that yields promises in a plain generator is told so, instead of sending empty messages", async () => {
  const told: unknown[] = [];
  const server = createServer({ onError: (error) => told.push(error) }).service(Echo, {
    *serverStream() {
      yield Promise.resolve({ number: 1 }) as unknown as { number: number };
    },
  });
  const client = createClient(Echo, inMemory(server));
  await assert.rejects(client.serverStream({})[Symbol.asyncIterator]().next(), { code: Code.Unknown });
  assert.match(String(told), /cannot encode kinds\.Pong: got a Promise/);
});

test("whatever is thrown ends the call: what has no text, what cannot be looked at, and what onError throws", async () => {
  const trap = (): never => {
    throw new Error("a trap");
  };
  const hostile = new Proxy({}, { get: trap, has: trap, getPrototypeOf: trap });
  let thrown: unknown;
  const server = createServer({ onError: trap }).service(Echo, {
    unary() {
      throw thrown;
    },
    clientStream: async (requests) => {
      for await (const _ of requests);
      return {};
    },
  });
  const client = createClient(Echo, inMemory(server));
  const printed: unknown[] = [];
  const { error } = console;
  console.error = (...args: unknown[]) => printed.push(args);
  try {
    for (thrown of [hostile, Object.create(null), undefined, Symbol("s")]) {
      await assert.rejects(client.unary({}), { code: Code.Unknown, rawMessage: "the handler failed" });
      if (thrown === hostile) continue;
      const requests = function* () {
        yield {};
        throw thrown;
      };
      await assert.rejects(client.clientStream(requests()), { code: Code.Canceled });
    }
  } finally {
    console.error = error;
  }
  assert.equal(printed.length, 4);
});

test("an error's message that is no text becomes one", async () => {
  const Untyped = RpcError as unknown as new (code: Code, message?: unknown) => RpcError;
  for (const [message, text] of [
    [undefined, ""],
    [5, "5"],
    [{ a: 1 }, "an object"],
    [new Error("inner"), "inner"],
  ]) {
    const server = createServer().service(Echo, {
      unary() {
        throw new Untyped(Code.NotFound, message);
      },
    });
    await assert.rejects(createClient(Echo, inMemory(server)).unary({}), { code: Code.NotFound, rawMessage: text });
  }
});

test("what dial() cannot do as it is told is refused before it connects", () => {
  const untyped = dial as (target: unknown, options?: unknown) => unknown;
  const refused = (options: unknown, message: string) =>
    assert.throws(() => untyped("http://host:1", options), { message });
  refused({ balance: "roundrobin" }, 'balance is "roundrobin": expected "pick_first" or "round_robin"');
  refused({ engine: "native" }, 'engine is "native": expected "own" or "node"');
  refused({ backoff: { initial: 5 } }, 'backoff has no option "initial": did you mean initialMs?');
  refused({ tls: { ca: "pem" } }, "tls is given, but host:1 is no https target: write https://host:port");
  assert.throws(() => untyped("http://me:secret@host:1"), /is no target: write http:\/\/host:port/);
  untyped("http://host:1", { tls: {} });
});

test("envelopes are refused that are no bytes, or lie beside them", () => {
  const Untyped = Envelopes as unknown as new (...given: unknown[]) => Envelopes;
  const bytes = new Uint8Array(5);
  for (const given of [[], ["text", 1], [bytes], [bytes, -1], [bytes, 1, 3, 2], [bytes, 1, 0, 6], [null, 0], [5, 5]]) {
    assert.throws(() => new Untyped(...given), {
      name: "TypeError",
      message: /^new Envelopes\(\) got .*: expected a Uint8Array, a number of messages, and a range in it$/,
    });
  }
  assert.equal(new Envelopes(bytes, 1, 5, 5).end, 5);
});

test("what every other function of the package cannot work with, it refuses by name", () => {
  const refused = (call: (...given: never[]) => unknown, given: unknown[], message: string | RegExp) =>
    assert.throws(() => (call as (...given: unknown[]) => unknown)(...given), { message });
  const schema = "5 is no schema of a message: expected one that protoc-gen-es has generated";
  refused((schema) => Envelopes.of(schema, []), [5], schema);
  refused((schema) => new EnvelopeBuilder(schema), [5], schema);
  refused(accessLog, [], "accessLog() got undefined as its log: expected a function");
  refused(accessLog, [() => {}, { wen: () => true }], 'accessLog() has no option "wen": did you mean when?');
  refused(slowCallLog, [() => {}], "leastMs is a function: expected a number of at least 0");
  refused(slowCallLog, [5], "slowCallLog() got undefined as its log: expected a function");
  refused(encodeBinaryHeader, ["text"], 'encodeBinaryHeader() got "text" as its bytes: expected a Uint8Array');
  refused(decodeBinaryHeader, [null], "decodeBinaryHeader() got null as its value: expected a string");
  refused(jsonFormat, ["x"], 'jsonFormat() got "x" as its options: expected an object');
  refused(inMemory, [{}], "inMemory() got an object as its server: expected what createServer() gives");
  refused(webSocket, [{ origin: "*" }], 'webSocket() has no option "origin": did you mean origins?');
  refused(createHealth, [{ maxWatchers: -1 }], "maxWatchers is -1: expected a number of at least 0");
  refused(
    createHealth().reporter.set,
    [5, true],
    /^set\(\) got 5 as its service: expected a service or its full name$/,
  );
  refused(addReflection, [{}], "addReflection() got an object as its server: expected what createServer() gives");
  refused(serverMetrics, [{ buckets: 5 }], "buckets is 5: expected an array of numbers of seconds");
});
