import assert from "node:assert/strict";
import { test } from "node:test";
import { Code as ConnectCode, ConnectError } from "@connectrpc/connect";
import { StatusSchema } from "../../src/gen/google/rpc/status_pb.js";
import { Code, RpcError } from "../../src/index.js";
import { PingSchema } from "../gen/kinds/echo_pb.js";
import { collect, type EchoImpl, EchoPair, failure, field, ping } from "./harness.js";

function throwing(error: unknown): EchoImpl {
  const fail = () => {
    throw error;
  };
  return {
    unary: fail,
    clientStream: async () => fail(),
    *serverStream() {
      yield { number: 1 };
      fail();
    },
    async *bidiStream() {
      yield { number: 1 };
      fail();
    },
  };
}

test("an RpcError reaches the caller whole: code, message, metadata and details", async () => {
  const error = new RpcError(Code.FailedPrecondition, "zuerst 100% laden: höchste Zeit ⏰\n", {
    metadata: { "x-hint": "load", "x-trace-bin": "AQID" },
    details: [
      { desc: PingSchema, value: { number: 42 } },
      { type: "kinds.Ping", value: ping({ text: "raw" }).subarray(5) },
    ],
  });
  await using pair = new EchoPair(throwing(error));
  const { client } = pair;
  for (const call of [
    () => client.unary({}),
    () => client.clientStream([]),
    () => collect(client.serverStream({})),
    () => collect(client.bidiStream([])),
  ]) {
    const found = await failure(call(), Code.FailedPrecondition);
    assert.equal(found.rawMessage, error.rawMessage);
    assert.equal(found.metadata.get("x-hint"), "load");
    assert.equal(found.metadata.get("x-trace-bin"), "AQID");
    const [first, second] = found.findDetails(PingSchema);
    assert.deepEqual([first?.number, second?.text], [42, "raw"]);
    assert.deepEqual(found.findDetails(StatusSchema), []);
  }
  assert.deepEqual(pair.logged, [], "it was meant for the caller");
});

test("messages of a stream arrive before its error", async () => {
  await using pair = new EchoPair(throwing(new RpcError(Code.Aborted, "enough")));
  const responses = pair.client.serverStream({})[Symbol.asyncIterator]();
  assert.equal((await responses.next()).value?.number, 1);
  await failure(responses.next(), Code.Aborted);
});

test("any other error is UNKNOWN, gives nothing away, and goes to onError with its cause", async () => {
  const secret = new TypeError("password=hunter2");
  await using pair = new EchoPair(throwing(secret));
  const response = await pair.call("Unary", [], ping());
  assert.equal(field(response.trailers, "grpc-status"), String(Code.Unknown));
  assert.ok(!JSON.stringify([response.fields, response.trailers]).includes("hunter2"));
  await failure(pair.client.clientStream([]), Code.Unknown);
  await failure(collect(pair.client.serverStream({})), Code.Unknown);
  await failure(collect(pair.client.bidiStream([])), Code.Unknown);
  assert.deepEqual(pair.logged, [secret, secret, secret, secret]);
});

test("whatever is thrown, the call ends", async () => {
  for (const thrown of [undefined, null, "text", 5, { code: 5, rawMessage: "no Error" }]) {
    await using pair = new EchoPair(throwing(thrown));
    await failure(pair.client.unary({}), Code.Unknown);
    assert.deepEqual(pair.logged, [thrown]);
  }
});

test("a ConnectError is understood", async () => {
  const error = new ConnectError("gone", ConnectCode.NotFound, { "x-hint": "look elsewhere" }, [
    { desc: PingSchema, value: { number: 9 } },
  ]);
  await using pair = new EchoPair(throwing(error));
  const found = await failure(pair.client.unary({}), Code.NotFound);
  assert.equal(found.rawMessage, "gone");
  assert.equal(found.metadata.get("x-hint"), "look elsewhere");
  assert.equal(found.findDetails(PingSchema)[0]?.number, 9);
});

test("a response that does not fit its schema is a failure of the handler", async () => {
  const wrong = (value: unknown) => value as { number: number };
  await using pair = new EchoPair({
    unary: () => wrong({ number: "seven" }),
    clientStream: async () => wrong(undefined),
    serverStream: () => [{ number: 1 }, wrong({ number: 1.5 })],
    bidiStream: () => wrong(undefined) as unknown as [],
  });
  const { client } = pair;
  await failure(client.unary({}), Code.Unknown);
  await failure(client.clientStream([]), Code.Unknown);
  await failure(collect(client.serverStream({})), Code.Unknown);
  await failure(collect(client.bidiStream([])), Code.Unknown);
  assert.equal(pair.logged.length, 4);
});

test("details that do not fit their schema cost the call its error, but not its end", async () => {
  const value = { number: "nine" } as unknown as { number: number };
  const error = new RpcError(Code.NotFound, "gone", { details: [{ desc: PingSchema, value }] });
  await using pair = new EchoPair(throwing(error));
  await failure(pair.client.unary({}), Code.Unknown);
  await failure(collect(pair.client.bidiStream([])), Code.Unknown);
  assert.equal(pair.logged.length, 2);
});

test("a request that does not fit its schema fails before it leaves", async () => {
  await using pair = new EchoPair({ unary: () => ({}), clientStream: async () => ({}) });
  const wrong = { number: "one" } as unknown as { number: number };
  await failure(pair.client.unary(wrong), Code.Internal);
  await failure(pair.client.clientStream([wrong]), Code.Internal);
});
