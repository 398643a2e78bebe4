import assert from "node:assert/strict";
import { test } from "node:test";
import { collect, EchoPair, failure } from "../../test/calls/harness.js";
import { Code, RpcError } from "../index.js";
import { accessLog, type CallEntry, slowCallLog } from "./access-log.js";

/** What is logged of an entry, without the time, which is never the same. */
const logged = (entries: readonly CallEntry[]) =>
  entries.map(({ durationMs, ...entry }) => {
    assert.ok(durationMs >= 0);
    return entry;
  });

test("each call is one entry when it has ended, with its messages and bytes both ways", async () => {
  const entries: CallEntry[] = [];
  await using pair = new EchoPair(
    {
      unary: ({ number }) => ({ number }),
      async *bidiStream(requests) {
        for await (const { number } of requests) yield* [{ number }, { number }];
      },
    },
    { server: { observer: accessLog((entry) => entries.push(entry)) } },
  );
  await pair.client.unary({ number: 1 });
  await collect(pair.client.bidiStream([{ number: 1 }, { number: 2 }, { number: 3 }]));
  const common = { peer: "memory", protocol: "grpc", code: "OK", error: undefined };
  assert.deepEqual(logged(entries), [
    { ...common, method: "kinds.Echo/Unary", messagesReceived: 1, bytesReceived: 2, messagesSent: 1, bytesSent: 7 },
    {
      ...common,
      method: "kinds.Echo/BidiStream",
      messagesReceived: 3,
      bytesReceived: 6,
      messagesSent: 6,
      bytesSent: 42,
    },
  ]);
});

test("an entry says how a call failed", async () => {
  const entries: CallEntry[] = [];
  await using pair = new EchoPair(
    {
      unary() {
        throw new RpcError(Code.NotFound, "no such place");
      },
    },
    { server: { observer: accessLog((entry) => entries.push(entry)) } },
  );
  await failure(pair.client.unary({}), Code.NotFound);
  assert.deepEqual([entries[0]?.code, entries[0]?.error], ["NOT_FOUND", "no such place"]);
});

test("a client logs its calls, too", async () => {
  const entries: CallEntry[] = [];
  await using pair = new EchoPair(
    { unary: () => ({ number: 1 }) },
    { client: { observer: accessLog((entry) => entries.push(entry)) } },
  );
  await pair.client.unary({ number: 1 });
  assert.deepEqual(
    entries.map(({ method, messagesSent, messagesReceived }) => [method, messagesSent, messagesReceived]),
    [["kinds.Echo/Unary", 1, 1]],
  );
});

test("what is logged can be chosen when a call begins", async () => {
  const entries: CallEntry[] = [];
  let isOn = false;
  const observer = accessLog((entry) => entries.push(entry), { when: () => isOn });
  await using pair = new EchoPair({ unary: () => ({}) }, { server: { observer } });
  await pair.client.unary({});
  isOn = true;
  await pair.client.unary({});
  assert.equal(entries.length, 1);
});

test("several observers look at a call, in their order", async () => {
  const seen: string[] = [];
  const observer = ["first", "second"].map((name) => ({ started: () => void seen.push(name) }));
  await using pair = new EchoPair({ unary: () => ({}) }, { server: { observer }, client: { observer } });
  await pair.client.unary({});
  assert.deepEqual(seen, ["first", "second", "first", "second"]);
});

test("a slow call is one whose single request took long to answer; a stream of requests lasts as its caller likes", async () => {
  const slow: string[] = [];
  const all = slowCallLog(0, ({ method }) => void slow.push(method));
  const none = slowCallLog(Number.POSITIVE_INFINITY, () => assert.fail("nothing takes forever"));
  await using pair = new EchoPair(
    { unary: () => ({}), serverStream: () => [], clientStream: async () => ({}), bidiStream: () => [] },
    { server: { observer: [all, none] } },
  );
  await pair.client.unary({});
  await collect(pair.client.serverStream({}));
  await pair.client.clientStream([]);
  await collect(pair.client.bidiStream([]));
  assert.deepEqual(slow, ["kinds.Echo/Unary", "kinds.Echo/ServerStream"]);
});
