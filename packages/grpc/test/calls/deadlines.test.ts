import assert from "node:assert/strict";
import { test } from "node:test";
import { Code, createClient } from "../../src/index.js";
import { Echo } from "../gen/kinds/echo_pb.js";
import { collect, deferred, EchoPair, failure, field, later, ping, stayAwake } from "./harness.js";

test("a handler knows how much is left until the deadline, in all units of grpc-timeout", async () => {
  const left: (number | undefined)[] = [];
  await using pair = new EchoPair({
    unary(_request, call) {
      left.push(call.timeoutMs());
      return {};
    },
  });
  const timeouts = { "1H": 3_600_000, "2M": 120_000, "3S": 3000, "40000m": 40_000, "5000000u": 5000, "99999999n": 99 };
  for (const timeout of Object.keys(timeouts)) await pair.call("Unary", ["grpc-timeout", timeout], ping());
  for (const [i, milliseconds] of Object.values(timeouts).entries()) {
    const found = left[i];
    assert.ok(found !== undefined && found <= milliseconds + 1 && found > 0, `${found} of ${milliseconds}`);
  }
  await pair.call("Unary", [], ping());
  assert.equal(left.at(-1), undefined);
});

test("a malformed grpc-timeout is refused before the handler is called", async () => {
  await using pair = new EchoPair({ unary: () => assert.fail("called") });
  for (const timeout of ["", "1", "S", "-1S", "1.5S", "123456789S", "1s", "1 S", "0x1S"]) {
    const response = await pair.call("Unary", ["grpc-timeout", timeout], ping());
    assert.equal(field(response.trailers, "grpc-status"), String(Code.InvalidArgument), `"${timeout}"`);
    assert.match(field(response.trailers, "grpc-message") ?? "", /grpc-timeout/);
  }
});

test("at the deadline the server answers, even if the handler ignores its signal", async () => {
  const handler = deferred();
  const settled = deferred<boolean>();
  await using pair = new EchoPair({
    async unary(_request, call) {
      await handler.promise;
      settled.resolve(call.cancelled);
      return { number: 1 };
    },
  });
  const response = await pair.call("Unary", ["grpc-timeout", "5m"], ping());
  assert.equal(field(response.trailers, "grpc-status"), String(Code.DeadlineExceeded));
  assert.equal(response.received, 0);
  handler.resolve();
  assert.equal(await settled.promise, true);
});

test("the deadline ends a stream of responses that would go on for ever", async () => {
  const cleaned = deferred();
  await using pair = new EchoPair({
    async *serverStream(_request, call) {
      try {
        for (let number = 0; ; number++) {
          yield { number };
          await new Promise((resolve) => setImmediate(resolve));
        }
      } finally {
        assert.equal((call.signal.reason as { code: Code }).code, Code.DeadlineExceeded);
        cleaned.resolve();
      }
    },
  });
  const response = pair.open("ServerStream", "grpc-timeout", "10m");
  response.exchange.write(ping(), 0, ping().length);
  response.exchange.end();
  await response.untilClosed();
  assert.equal(field(response.trailers, "grpc-status"), String(Code.DeadlineExceeded));
  await cleaned.promise;
});

test("the deadline ends a request that does not come to its end", async () => {
  await using pair = new EchoPair({ unary: () => assert.fail("called") });
  const response = pair.open("Unary", "grpc-timeout", "5m");
  response.exchange.write(ping(), 0, 3);
  await response.untilEnd();
  assert.equal(field(response.trailers, "grpc-status"), String(Code.DeadlineExceeded));
});

test("a timeout of nothing ends the call before the handler is called", async () => {
  await using pair = new EchoPair({
    unary: () => assert.fail("called"),
    clientStream: () => assert.fail("called"),
  });
  for (const method of ["Unary", "ClientStream"]) {
    const response = await pair.call(method, ["grpc-timeout", "0n"], ping());
    assert.equal(field(response.trailers, "grpc-status"), String(Code.DeadlineExceeded));
  }
  assert.deepEqual(pair.logged, []);
});

test("a timeout that is longer than the server allows is refused", async () => {
  await using pair = new EchoPair({ unary: () => ({}) }, { server: { maxTimeoutMs: 1000 } });
  await pair.client.unary({}, { timeoutMs: 1000 });
  const error = await failure(pair.client.unary({}, { timeoutMs: 1001 }), Code.InvalidArgument);
  assert.match(error.rawMessage, /1001 ms .* 1000 ms allowed/);
});

test("a client ends its call at the deadline by itself, and cancels it", async () => {
  const cancelled = deferred<Code>();
  await using pair = new EchoPair({
    unary: (_request, call) =>
      new Promise((_resolve, reject) => {
        call.signal.addEventListener("abort", () => {
          cancelled.resolve((call.signal.reason as { code: Code }).code);
          reject(call.signal.reason);
        });
      }),
  });
  await failure(pair.client.unary({}, { timeoutMs: 5 }), Code.DeadlineExceeded);
  assert.ok([Code.DeadlineExceeded, Code.Canceled].includes(await cancelled.promise));
});

test("a client's timeout of 0 or less ends the call without a server", async () => {
  let calls = 0;
  await using pair = new EchoPair({
    unary() {
      calls++;
      return {};
    },
  });
  await failure(pair.client.unary({}, { timeoutMs: 0 }), Code.DeadlineExceeded);
  await failure(pair.client.unary({}, { timeoutMs: -5 }), Code.DeadlineExceeded);
  await failure(collect(pair.client.serverStream({}, { timeoutMs: 0 })), Code.DeadlineExceeded);
  await pair.settled();
  assert.equal(calls, 0);
});

test("a client's deadline holds while it waits for a connection", async () => {
  using _awake = stayAwake();
  const client = createClient(Echo, {
    protocolName: "grpc",
    connection: () => new Promise(() => {}),
    [Symbol.asyncDispose]: async () => {},
  });
  await failure(client.unary({}, { timeoutMs: 5, waitForReady: true }), Code.DeadlineExceeded);
});

test("a call with a deadline that ends in time leaves nothing behind", async () => {
  await using pair = new EchoPair({ bidiStream: () => later({ number: 1 }) });
  const responses = await collect(pair.client.bidiStream([], { timeoutMs: 60_000 }));
  assert.equal(responses.length, 1);
});
