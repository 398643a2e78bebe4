import assert from "node:assert/strict";
import { test } from "node:test";
import { collect, deferred, type EchoImpl, failure } from "../../test/calls/harness.js";
import { Echo, PingSchema } from "../../test/gen/kinds/echo_pb.js";
import { type ClientOptions, Code, createClient, createServer, jsonFormat, RpcError } from "../index.js";
import { type FetchTransportOptions, fetchTransport } from "../web.js";
import { listen } from "./node-listen.js";

const OPTIONS = { timeout: 10_000 };
const PROTOCOLS = ["connect", "grpc-web"] as const;

/** A client over fetch, and the server that it calls over a socket of this machine. */
async function open(impl: EchoImpl, transport: Partial<FetchTransportOptions> = {}, options: ClientOptions = {}) {
  const listening = await listen(createServer({ onError() {} }).service(Echo, impl), { port: 0 });
  const over = fetchTransport({ baseUrl: `http://${listening.address}/`, ...transport });
  return {
    client: createClient(Echo, over, options),
    async [Symbol.asyncDispose]() {
      await over[Symbol.asyncDispose]();
      await listening.close(0);
    },
  };
}

for (const protocol of PROTOCOLS) {
  for (const format of ["proto", jsonFormat()] as const) {
    const name = `${protocol}, ${format === "proto" ? format : format.name}`;

    test(`${name}: one message, a stream of them, and an error with its details arrive`, OPTIONS, async () => {
      await using served = await open(
        {
          unary({ number, text }, call) {
            call.responseTrailer.set("x-end", "2");
            if (number !== 0) return { number, text };
            const details = [{ desc: PingSchema, value: { text: "detail" } }];
            throw new RpcError(Code.NotFound, "no zero", { details });
          },
          async *serverStream({ number }) {
            for (let i = 1; i <= number; i++) yield { number: i };
          },
        },
        { protocol },
        { format },
      );
      let end: string | null = null;
      const onTrailer = (trailers: Headers) => {
        end = trailers.get("x-end");
      };
      assert.equal((await served.client.unary({ number: 7, text: "é" }, { onTrailer })).text, "é");
      assert.equal(end, "2");
      assert.equal((await collect(served.client.serverStream({ number: 100 }))).length, 100);
      const error = await failure(served.client.unary({ number: 0 }), Code.NotFound);
      assert.equal(error.findDetails(PingSchema)[0]?.text, "detail");
    });
  }

  test(`${protocol}: leaving a stream early reaches the handler`, OPTIONS, async () => {
    const left = deferred();
    await using served = await open(
      {
        async *serverStream(_request, call) {
          call.signal.addEventListener("abort", () => left.resolve());
          for (let number = 1; ; number++) {
            yield { number };
            await new Promise((resolve) => setImmediate(resolve));
          }
        },
      },
      { protocol },
    );
    for await (const { number } of served.client.serverStream({})) if (number === 3) break;
    await left.promise;
  });

  test(`${protocol}: the deadline ends a call that would wait for ever`, OPTIONS, async () => {
    const abandoned = deferred();
    await using served = await open({ unary: () => abandoned.promise.then(() => ({})) }, { protocol });
    await failure(served.client.unary({}, { timeoutMs: 20 }), Code.DeadlineExceeded);
    abandoned.resolve();
  });

  test(`${protocol}: a reader that stands still holds the server up`, OPTIONS, async () => {
    const payload = new Uint8Array(100_000);
    let pulled = 0;
    const seen: ((count: number) => void)[] = [];
    await using served = await open(
      {
        *serverStream() {
          for (; pulled < 1000; pulled++) {
            seen.at(-1)?.(pulled);
            yield { payload };
          }
        },
      },
      { protocol },
    );
    const reader = served.client.serverStream({})[Symbol.asyncIterator]();
    await reader.next();
    // Nothing moves any more once all that lies between is full.
    for (let before = -1; before !== pulled; ) {
      before = pulled;
      for (let i = 0; i < 200; i++) await new Promise((resolve) => setImmediate(resolve));
    }
    assert.ok(pulled < 1000, `${pulled} messages were made`);
    await reader.return?.();
  });
}

test("methods with a stream of requests fail, and say what to use", OPTIONS, async () => {
  await using served = await open({});
  const error = await failure(served.client.clientStream([{}]), Code.Unimplemented);
  assert.match(error.message, /webSocketTransport/);
  await failure(collect(served.client.bidiStream([{}])), Code.Unimplemented);
});

test("a server that is not there is UNAVAILABLE, with what fetch says of it", OPTIONS, async () => {
  const served = await open({});
  await served[Symbol.asyncDispose]();
  const gone = fetchTransport({ baseUrl: "http://127.0.0.1:1" });
  const error = await failure(createClient(Echo, gone).unary({}), Code.Unavailable);
  assert.match(error.message, /http:\/\/127\.0\.0\.1:1\/kinds\.Echo\/Unary never began: fetch failed/);
});

test("a response that is cut off is UNAVAILABLE", OPTIONS, async () => {
  const fetch: FetchTransportOptions["fetch"] = async () => ({
    status: 200,
    headers: [["content-type", "application/proto"]],
    body: { getReader: () => ({ read: () => Promise.reject(new TypeError("network error")) }) },
  });
  const transport = fetchTransport({ baseUrl: "http://somewhere", fetch });
  const error = await failure(createClient(Echo, transport).unary({}), Code.Unavailable);
  assert.match(error.message, /was cut off: network error/);
});

test("what the platform says itself is not sent, and cookies go as the caller says", OPTIONS, async () => {
  let asked: Parameters<NonNullable<FetchTransportOptions["fetch"]>> | undefined;
  const fetch: FetchTransportOptions["fetch"] = (...request) => {
    asked = request;
    return Promise.reject(new TypeError("enough"));
  };
  const transport = fetchTransport({ baseUrl: "/api/", fetch, credentials: "include" });
  await failure(createClient(Echo, transport).unary({}, { headers: { "x-a": "1" } }), Code.Unavailable);
  const [url, request] = asked ?? [];
  assert.equal(url, "/api/kinds.Echo/Unary");
  assert.equal(request?.credentials, "include");
  const names = request?.headers.map(([name]) => name);
  assert.deepEqual(names, ["content-type", "connect-protocol-version", "x-a"]);
});

test("no base URL is refused at once", () => {
  const untyped = fetchTransport as (options: unknown) => unknown;
  assert.throws(() => untyped({}), /^TypeError: baseUrl is missing: expected where the methods are/);
  assert.throws(() => untyped("https://example.com"), /^TypeError: fetchTransport\(\) got "https:.*expected an object/);
  assert.throws(() => untyped({ baseUrl: "https://example.com", protocol: "grpc" }), {
    message: 'protocol is "grpc": expected "connect" or "grpc-web"',
  });
});
