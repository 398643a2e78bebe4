import assert from "node:assert/strict";
import { test } from "node:test";
import { type Client, Code, ConnectError, createClient } from "@connectrpc/connect";
import { type EchoImpl, later } from "../../test/calls/harness.js";
import { Echo, PingSchema } from "../../test/gen/kinds/echo_pb.js";
import { type DialOptions, dial } from "../carrier/node-dial.js";
import { listen } from "../carrier/node-listen.js";
import { connectEsTransport } from "../connect-es.js";
import { createServer, Code as OurCode, RpcError, type Transport } from "../index.js";
import { inMemory } from "../testing.js";
import { fetchTransport } from "../web.js";

const OPTIONS = { timeout: 10_000 };

const impl: EchoImpl = {
  unary({ number }, call) {
    call.responseHeader.set("x-head", call.header("x-asked") ?? "");
    call.responseTrailer.set("x-end", "2");
    if (number > 0) return { number };
    throw new RpcError(OurCode.OutOfRange, "too small", { details: [{ desc: PingSchema, value: { number } }] });
  },
  async *serverStream({ number }, call) {
    call.responseTrailer.set("x-end", "2");
    for (let i = 1; i <= number; i++) yield { number: i };
    if (number === 0) throw new RpcError(OurCode.OutOfRange, "none");
  },
  async clientStream(requests) {
    let number = 0;
    for await (const request of requests) number += request.number;
    return { number };
  },
  async *bidiStream(requests) {
    for await (const { number } of requests) yield { number: -number };
  },
};

type Dialed = (address: string) => Transport;
const dialed =
  (options: DialOptions): Dialed =>
  (address) =>
    dial(`http://${address}`, options);

const TRANSPORTS: Record<string, Dialed> = {
  gRPC: dialed({}),
  "gRPC-Web": dialed({ protocol: "grpc-web" }),
  "gRPC-Web over HTTP/1.1": dialed({ protocol: "grpc-web", httpVersion: 1 }),
  Connect: dialed({ protocol: "connect" }),
  "Connect over HTTP/1.1": dialed({ protocol: "connect", httpVersion: 1 }),
  "Connect over fetch": (address) => fetchTransport({ baseUrl: `http://${address}` }),
};

async function connectError(promise: Promise<unknown>, code: Code): Promise<ConnectError> {
  const error = await promise.then(
    () => assert.fail("the call ended well"),
    (error: unknown) => error,
  );
  assert.ok(error instanceof ConnectError, `${error} is no ConnectError`);
  assert.equal(error.code, code, error.message);
  return error;
}

async function numbersOf(messages: AsyncIterable<{ number: number }>): Promise<number[]> {
  const numbers: number[] = [];
  for await (const { number } of messages) numbers.push(number);
  return numbers;
}

for (const [name, transportTo] of Object.entries(TRANSPORTS)) {
  const over = async (use: (client: Client<typeof Echo>) => Promise<void>) => {
    const listening = await listen(createServer().service(Echo, impl), { port: 0 });
    await using transport = transportTo(listening.address);
    await use(createClient(Echo, connectEsTransport(transport)));
    await transport[Symbol.asyncDispose]();
    await listening.close(0);
  };

  test(`Connect's client over ${name}: unary calls with headers, trailers, errors and details`, OPTIONS, async () => {
    await over(async (client) => {
      const told: (string | null)[] = [];
      const { number } = await client.unary(
        { number: 7 },
        {
          headers: { "x-asked": "1" },
          onHeader: (headers) => told.push(headers.get("x-head")),
          onTrailer: (trailers) => told.push(trailers.get("x-end")),
        },
      );
      assert.deepEqual([number, ...told], [7, "1", "2"]);
      const error = await connectError(client.unary({ number: -1 }), Code.OutOfRange);
      assert.deepEqual([error.rawMessage, error.findDetails(PingSchema)[0]?.number], ["too small", -1]);
    });
  });

  test(`Connect's client over ${name}: streams of responses, with trailers and errors`, OPTIONS, async () => {
    await over(async (client) => {
      let end: string | null = null;
      const onTrailer = (trailers: Headers) => {
        end = trailers.get("x-end");
      };
      assert.deepEqual(await numbersOf(client.serverStream({ number: 3 }, { onTrailer })), [1, 2, 3]);
      assert.equal(end, "2");
      for await (const { number } of client.serverStream({ number: 10_000 })) if (number === 2) break;
      await connectError(numbersOf(client.serverStream({ number: 0 })), Code.OutOfRange);
    });
  });

  if (name.includes("fetch")) continue;

  test(`Connect's client over ${name}: streams of requests`, OPTIONS, async () => {
    await over(async (client) => {
      assert.equal((await client.clientStream(later({ number: 1 }, { number: 2 }))).number, 3);
      if (name.includes("HTTP/1.1")) return;
      assert.deepEqual(await numbersOf(client.bidiStream(later({ number: 1 }, { number: 2 }))), [-1, -2]);
    });
  });
}

test("Connect's client sees its own timeouts and cancellations as ConnectErrors", OPTIONS, async () => {
  const server = createServer().service(Echo, {
    unary: (_request, call) => new Promise((resolve) => call.signal.addEventListener("abort", () => resolve({}))),
  });
  await using transport = inMemory(server);
  const client = createClient(Echo, connectEsTransport(transport));
  const awake = setInterval(() => {}, 60_000);
  await connectError(client.unary({}, { timeoutMs: 10 }), Code.DeadlineExceeded);
  clearInterval(awake);
  const abort = new AbortController();
  const call = connectError(client.unary({}, { signal: abort.signal }), Code.Canceled);
  abort.abort();
  await call;
});
