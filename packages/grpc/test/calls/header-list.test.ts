/** Header fields beyond what the other side takes: they cost their call, and never the connection that others use, too. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Code, createClient, createServer, RpcError } from "../../src/index.js";
import { dial, listen } from "../../src/node.js";
import { Echo, PingSchema } from "../gen/kinds/echo_pb.js";
import { collect, failure } from "./harness.js";

const OPTIONS = { timeout: 10_000 };
const LONG = "x".repeat(50_000);

for (const engine of ["own", "node"] as const) {
  test(`engine ${engine}: a status that is too large arrives short, and the connection stays`, OPTIONS, async () => {
    let error = new RpcError(Code.NotFound, LONG);
    const peers = new Set<string>();
    const server = createServer().service(Echo, {
      unary(_request, call) {
        peers.add(call.peer.address);
        throw error;
      },
      *serverStream() {
        yield {};
        throw error;
      },
    });
    await using listening = await listen(server, { port: 0 }, { engine });
    await using transport = dial(`http://${listening.address}`);
    const client = createClient(Echo, transport);
    for (error of [
      error,
      new RpcError(Code.NotFound, "none", { details: [{ desc: PingSchema, value: { text: LONG } }] }),
      new RpcError(Code.NotFound, "none", { metadata: { "x-long": LONG } }),
    ]) {
      const { rawMessage } = await failure(client.unary({}), Code.NotFound);
      assert.match(rawMessage, /^(x{512}\.\.\.|none) \(the trailers are larger than the caller takes\)$/);
      await failure(collect(client.serverStream({})), Code.NotFound);
    }
    assert.equal(peers.size, 1);
  });

  test(`engine ${engine}: fields of a handler that are too large fail the call`, OPTIONS, async () => {
    const server = createServer({ onError: () => {} }).service(Echo, {
      unary(_request, call) {
        call.responseHeader.set("x-long", LONG);
        return {};
      },
      *serverStream(_request, call) {
        yield {};
        call.responseTrailer.set("x-long", LONG);
      },
      async clientStream(_requests, call) {
        call.responseHeader.set("x-long", LONG);
        throw new RpcError(Code.NotFound, "none");
      },
    });
    await using listening = await listen(server, { port: 0 }, { engine });
    await using transport = dial(`http://${listening.address}`);
    const client = createClient(Echo, transport);
    const { rawMessage } = await failure(client.unary({}), Code.ResourceExhausted);
    assert.match(rawMessage, /^the response's header fields are larger than the 16342 bytes that the caller takes$/);
    await failure(collect(client.serverStream({})), Code.ResourceExhausted);
    await failure(client.clientStream([]), Code.NotFound);
  });
}

test(
  "a unary answer of Connect with too large a head arrives as an error, and an error without its fields",
  OPTIONS,
  async () => {
    const server = createServer().service(Echo, {
      unary({ number }, call) {
        if (number > 0) throw new RpcError(Code.NotFound, "none", { metadata: { "x-long": LONG } });
        call.responseTrailer.set("x-long", LONG);
        return {};
      },
    });
    await using listening = await listen(server, { port: 0 });
    await using transport = dial(`http://${listening.address}`, { protocol: "connect" });
    const client = createClient(Echo, transport);
    const { rawMessage } = await failure(client.unary({}), Code.ResourceExhausted);
    assert.match(rawMessage, /^the response's header fields are larger than the 16342 bytes that the caller takes$/);
    assert.equal((await failure(client.unary({ number: 1 }), Code.NotFound)).rawMessage, "none");
  },
);

test("metadata beyond what the server takes never leaves, and other calls go on", OPTIONS, async () => {
  const server = createServer().service(Echo, { unary: ({ number }) => ({ number }) });
  await using listening = await listen(server, { port: 0 });
  await using transport = dial(`http://${listening.address}`);
  const client = createClient(Echo, transport);
  await client.unary({});
  const [other, tooLarge] = await Promise.allSettled([
    client.unary({ number: 5 }),
    failure(client.unary({}, { headers: { "x-long": LONG } }), Code.ResourceExhausted),
  ]);
  assert.equal(other.status === "fulfilled" && other.value.number, 5);
  assert.match(
    tooLarge.status === "fulfilled" ? tooLarge.value.rawMessage : String(tooLarge.reason),
    /header fields take 50\d\d\d bytes, and the server takes no more than 16384: send less metadata$/,
  );
});

test("a response with more fields than the client takes says so", OPTIONS, async () => {
  const server = createServer().service(Echo, {
    unary(_request, call) {
      for (let i = 0; i < 200; i++) call.responseTrailer.set(`x-${i}`, "y");
      return {};
    },
  });
  await using listening = await listen(server, { port: 0 });
  await using transport = dial(`http://${listening.address}`);
  const { rawMessage } = await failure(createClient(Echo, transport).unary({}), Code.ResourceExhausted);
  assert.match(rawMessage, /^the response's header fields are larger than the limits maxHeaderListBytes and/);
});

test(
  "what is no stream of requests fails the first call, too, for which a connection is only made",
  OPTIONS,
  async () => {
    const server = createServer().service(Echo, { clientStream: async () => ({}) });
    await using listening = await listen(server, { port: 0 });
    await using transport = dial(`http://${listening.address}`);
    const client = createClient(Echo, transport);
    const { rawMessage } = await failure(client.clientStream({ number: 1 } as unknown as []), Code.Internal);
    assert.match(rawMessage, /^expected a stream of messages/);
  },
);
