import assert from "node:assert/strict";
import { test } from "node:test";
import { WebSocket } from "ws";
import { collect, deferred, type EchoImpl, failure, later } from "../../test/calls/harness.js";
import { makeAuthority, makeCertificate } from "../../test/certificates.js";
import { Echo } from "../../test/gen/kinds/echo_pb.js";
import { type Client, Code, createClient, createServer, RpcError } from "../index.js";
import { ErrorInfoSchema } from "../services/details.js";
import { type Listening, type ListenOptions, listen } from "./node-listen.js";
import { webSocket } from "./node-web-socket.js";
import { type PlatformWebSocketConstructor, webSocketTransport } from "./web-socket-transport.js";

const OPTIONS = { timeout: 10_000 };
const KIB = 1024;

interface Pair extends AsyncDisposable {
  readonly client: Client<typeof Echo>;
  readonly listening: Listening;
}

/** A server that takes WebSockets, and a client on one. */
async function serve(impl: EchoImpl, options: ListenOptions = {}, ca?: string): Promise<Pair> {
  const server = createServer({ onError: () => {} }).service(Echo, impl);
  const listening = await listen(server, { port: 0 }, { upgrades: [webSocket()], ...options });
  const Trusting: PlatformWebSocketConstructor = class extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols, { ...(ca !== undefined && { ca }) });
    }
  };
  const scheme = options.tls === undefined ? "http" : "https";
  const transport = webSocketTransport({ url: `${scheme}://${listening.address}/any/path`, WebSocket: Trusting });
  return {
    client: createClient(Echo, transport),
    listening,
    async [Symbol.asyncDispose]() {
      await transport[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await listening.close(0);
    },
  };
}

const IMPL: EchoImpl = {
  unary({ number, text }, call) {
    call.responseHeader.set("x-carrier", call.peer.carrier);
    call.responseTrailer.set("x-asked", call.header("x-asked") ?? "");
    return { number: number + 1, text };
  },
  *serverStream({ number }) {
    for (let i = 0; i < number; i++) yield { number: i };
  },
  async clientStream(requests) {
    let received = 0;
    for await (const _ of requests) received++;
    return { received };
  },
  async *bidiStream(requests) {
    for await (const { number } of requests) yield { number: number * 2 };
  },
};

async function makeAllCalls(client: Client<typeof Echo>): Promise<void> {
  assert.equal((await client.unary({ number: 1 })).number, 2);
  assert.deepEqual(
    (await collect(client.serverStream({ number: 3 }))).map(({ number }) => number),
    [0, 1, 2],
  );
  assert.equal((await client.clientStream(later({}, {}, {}))).received, 3);
  const answered = deferred();
  async function* numbers() {
    yield { number: 1 };
    await answered.promise;
    yield { number: 2 };
  }
  const doubles: number[] = [];
  for await (const { number } of client.bidiStream(numbers())) {
    doubles.push(number);
    answered.resolve();
  }
  assert.deepEqual(doubles, [2, 4]);
}

test("calls of all four kinds run over one WebSocket", OPTIONS, async () => {
  await using pair = await serve(IMPL);
  await makeAllCalls(pair.client);
});

test("and over TLS", OPTIONS, async () => {
  const authority = makeAuthority("the authority");
  await using pair = await serve(IMPL, { tls: makeCertificate("the server", authority) }, authority.cert);
  await makeAllCalls(pair.client);
});

const HAS_NONE = "WebSocket" in globalThis ? false : "Node has a WebSocket of its own from 22 on";

test("and over the platform's own WebSocket", { ...OPTIONS, skip: HAS_NONE }, async () => {
  await using pair = await serve(IMPL);
  await using transport = webSocketTransport({ url: `ws://${pair.listening.address}` });
  await makeAllCalls(createClient(Echo, transport));
  // Large enough to be cut into frames by either side, and to fill a window.
  const payload = new Uint8Array(3_000_000).fill(7);
  assert.equal((await createClient(Echo, transport).clientStream(later({ payload }))).received, 1);
});

test("metadata goes both ways, and the server knows that the caller is on a WebSocket", OPTIONS, async () => {
  await using pair = await serve(IMPL);
  let carrier: string | null = null;
  let asked: string | null = null;
  await pair.client.unary(
    {},
    {
      headers: { "x-asked": "for this" },
      onHeader: (headers) => {
        carrier = headers.get("x-carrier");
      },
      onTrailer: (trailers) => {
        asked = trailers.get("x-asked");
      },
    },
  );
  assert.deepEqual([carrier, asked], ["websocket", "for this"]);
});

test("errors arrive with code, message and details", OPTIONS, async () => {
  await using pair = await serve({
    unary() {
      const details = [{ desc: ErrorInfoSchema, value: { reason: "CLOSED", domain: "roads" } }];
      throw new RpcError(Code.FailedPrecondition, "the road is closed ❄", { details });
    },
  });
  const error = await failure(pair.client.unary({}), Code.FailedPrecondition);
  assert.equal(error.rawMessage, "the road is closed ❄");
  assert.equal(error.findDetails(ErrorInfoSchema)[0]?.reason, "CLOSED");
});

test("cancelling and deadlines reach the handler, and the socket goes on", OPTIONS, async () => {
  const gone: string[] = [];
  const began = deferred();
  const ended = [deferred(), deferred()];
  await using pair = await serve({
    async *serverStream({ text }, call) {
      began.resolve();
      yield {};
      await new Promise<void>((resolve) => call.signal.addEventListener("abort", () => resolve()));
      gone.push(text);
      ended[gone.length - 1]?.resolve();
    },
    unary: () => ({ number: 7 }),
  });
  for await (const _ of pair.client.serverStream({ text: "left the loop" })) break;
  await ended[0]?.promise;
  const timedOut = collect(pair.client.serverStream({ text: "deadline" }, { timeoutMs: 100 }));
  await failure(timedOut, Code.DeadlineExceeded);
  await ended[1]?.promise;
  assert.deepEqual(gone, ["left the loop", "deadline"]);
  assert.equal((await pair.client.unary({})).number, 7);
});

test("a reader that stops makes the handler stop, and nobody else", OPTIONS, async () => {
  let pulled = 0;
  const payload = new Uint8Array(16 * KIB);
  await using pair = await serve({
    *serverStream() {
      for (; pulled < 1000; pulled++) yield { payload };
    },
    unary: () => ({}),
  });
  const responses = pair.client.serverStream({})[Symbol.asyncIterator]();
  await responses.next();
  for (let last = -1; last !== pulled; ) {
    last = pulled;
    for (let i = 0; i < 20; i++) await pair.client.unary({});
  }
  assert.ok(pulled < 200, `${pulled} messages were asked for`);
  let received = 1;
  while (!(await responses.next()).done) received++;
  assert.equal(received, 1000);
});

test("large messages pass in both directions", OPTIONS, async () => {
  const payload = new Uint8Array(3_000_000).map((_, i) => i % 251);
  await using pair = await serve({ unary: (request) => ({ payload: request.payload }) });
  const response = await pair.client.unary({ payload });
  assert.deepEqual(Buffer.from(response.payload), Buffer.from(payload));
});

test("a server that closes lets calls end, and the transport finds its successor", OPTIONS, async () => {
  const goOn = deferred();
  const began = deferred();
  const impl: EchoImpl = {
    async unary() {
      began.resolve();
      await goOn.promise;
      return { number: 1 };
    },
  };
  await using pair = await serve(impl);
  const running = pair.client.unary({});
  await began.promise;
  const closing = pair.listening.close(5000);
  goOn.resolve();
  assert.equal((await running).number, 1);
  await closing;
  const port = Number(pair.listening.address.split(":")[1]);
  await failure(pair.client.unary({}), Code.Unavailable);
  const server = createServer().service(Echo, IMPL);
  await using _successor = await listen(server, { port }, { upgrades: [webSocket()] });
  assert.equal((await pair.client.unary({ number: 5 }, { waitForReady: true })).number, 6);
});

test("a server that speaks no WebSocket is UNAVAILABLE, with its address", OPTIONS, async () => {
  await using pair = await serve(IMPL, { upgrades: [] });
  const error = await failure(pair.client.unary({}), Code.Unavailable);
  assert.match(error.rawMessage, new RegExp(pair.listening.address.replace(".", "\\.")));
});

test("a missing constructor, a malformed URL and a window that is too small are said at once", () => {
  const platform = globalThis as { WebSocket?: unknown };
  if (platform.WebSocket === undefined) {
    assert.throws(() => webSocketTransport({ url: "ws://here" }), /this platform has no WebSocket: give a constructor/);
  }
  assert.throws(() => webSocketTransport({ url: "nowhere", WebSocket }), TypeError);
  assert.throws(() => webSocketTransport({ url: "ws://here", WebSocket, windowBytes: 1 }), {
    message: "windowBytes is 1: expected a number of at least 65536",
  });
});

test("a platform that refuses to connect fails each call with its reason", OPTIONS, async () => {
  const Refusing = class {
    constructor() {
      throw new Error("a page loaded over HTTPS may not");
    }
  } as unknown as PlatformWebSocketConstructor;
  await using transport = webSocketTransport({ url: "ws://example.com", WebSocket: Refusing });
  const client = createClient(Echo, transport);
  for (let i = 0; i < 2; i++) {
    const { rawMessage } = await failure(client.unary({}), Code.Unavailable);
    assert.equal(rawMessage, "a page loaded over HTTPS may not");
  }
});
