import assert from "node:assert/strict";
import { test } from "node:test";
import { collect, EchoPair, failure } from "../../test/calls/harness.js";
import { Echo } from "../../test/gen/kinds/echo_pb.js";
import { Code, type ServiceConfigJson, serviceConfig } from "../index.js";

const RETRY_POLICY = {
  maxAttempts: 3,
  initialBackoff: "0.01s",
  maxBackoff: "1s",
  backoffMultiplier: 2,
  retryableStatusCodes: ["unavailable", 8],
};

test("the nearest name counts: a method's, its service's, or everybody's", () => {
  const config = serviceConfig({
    methodConfig: [
      { name: [{}], timeout: "1s" },
      { name: [{ service: "kinds.Echo" }], timeout: "2s" },
      { name: [{ service: "kinds.Echo", method: "Unary" }, { service: "other.Service" }], timeout: "0.25s" },
    ],
  });
  assert.equal(config.policyOf(Echo.method.unary)?.timeoutMs, 250);
  assert.equal(config.policyOf(Echo.method.serverStream)?.timeoutMs, 2000);
  const everybody = serviceConfig({ methodConfig: [{ name: [{}], timeout: "1s" }] });
  assert.equal(everybody.policyOf(Echo.method.unary)?.timeoutMs, 1000);
  assert.equal(serviceConfig({}).policyOf(Echo.method.unary), undefined);
});

test("codes are names or numbers, and more than five attempts are five", () => {
  const json = { methodConfig: [{ name: [{}], retryPolicy: { ...RETRY_POLICY, maxAttempts: 9 } }] };
  const figures = serviceConfig(json).policyOf(Echo.method.unary)?.retry?.figures;
  assert.equal(figures?.maxAttempts, 5);
  assert.deepEqual([...(figures?.codes ?? [])], [Code.Unavailable, Code.ResourceExhausted]);
});

test("what is wrong is named, with what is expected", () => {
  const policy = (change: object): ServiceConfigJson => ({
    methodConfig: [{ name: [{}], retryPolicy: { ...RETRY_POLICY, ...change } }],
  });
  const wrong: [ServiceConfigJson, RegExp][] = [
    [policy({ maxAttempts: 1 }), /retryPolicy\.maxAttempts is 1: expected a whole number from 2/],
    [policy({ initialBackoff: "1" }), /initialBackoff is "1": expected seconds like "1\.5s"/],
    [policy({ maxBackoff: "-1s" }), /maxBackoff/],
    [policy({ backoffMultiplier: 0 }), /backoffMultiplier is 0: expected more than 0/],
    [policy({ retryableStatusCodes: [] }), /retryableStatusCodes/],
    [policy({ retryableStatusCodes: ["OK"] }), /retryableStatusCodes is "OK"/],
    [{ methodConfig: [{ name: [{}, {}] }] }, /methodConfig\[0\]\.name.*each name once/],
    [{ methodConfig: [{ name: [{ method: "Unary" }] }] }, /its service too/],
    [{ methodConfig: [{ name: [{}], timeout: "soon" }] }, /timeout/],
    [{ methodConfig: [{ name: [{}], maxRequestMessageBytes: -1 }] }, /maxRequestMessageBytes is -1: expected bytes/],
    [{ retryThrottling: { maxTokens: 0, tokenRatio: 1 } }, /maxTokens/],
    [{ retryThrottling: { maxTokens: 1, tokenRatio: 0 } }, /tokenRatio/],
  ];
  for (const [json, message] of wrong) assert.throws(() => serviceConfig(json), { name: "TypeError", message });
});

test("the shorter of two timeouts counts", async () => {
  const left: number[] = [];
  await using pair = new EchoPair(
    {
      unary(_request, call) {
        left.push(call.timeoutMs() ?? Number.POSITIVE_INFINITY);
        return {};
      },
    },
    { client: { serviceConfig: serviceConfig({ methodConfig: [{ name: [{}], timeout: "60s" }] }) } },
  );
  await pair.client.unary({});
  await pair.client.unary({}, { timeoutMs: 30_000 });
  await pair.client.unary({}, { timeoutMs: 90_000 });
  assert.deepEqual(
    left.map((ms) => Math.ceil(ms / 10_000)),
    [6, 3, 6],
  );
});

test("messages beyond the config's limits are neither sent nor taken", async () => {
  const limits = { maxRequestMessageBytes: 10, maxResponseMessageBytes: 20 };
  await using pair = new EchoPair(
    {
      unary: ({ text }) => ({ text: text.repeat(10) }),
      *serverStream({ text }) {
        yield { text: text.repeat(10) };
      },
    },
    { client: { serviceConfig: serviceConfig({ methodConfig: [{ name: [{}], ...limits }] }) } },
  );
  assert.equal((await pair.client.unary({ text: "a" })).text, "a".repeat(10));
  await failure(pair.client.unary({ text: "a".repeat(11) }), Code.ResourceExhausted);
  await failure(pair.client.unary({ text: "aa" }), Code.ResourceExhausted);
  await failure(collect(pair.client.serverStream({ text: "aa" })), Code.ResourceExhausted);
});
