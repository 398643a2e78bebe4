import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Code,
  createContextKey,
  createContextValues,
  type Interceptor,
  type Observer,
  RpcError,
} from "../../src/index.js";
import type { Ping, Pong } from "../gen/kinds/echo_pb.js";
import { collect, deferred, EchoPair, failure, ping } from "./harness.js";

/** Notes when it is asked, and when it is passed on both ways. */
function noting(name: string, notes: string[]): Interceptor {
  return (next, method) => {
    notes.push(`${name} for ${method.name}`);
    return (request, call) => {
      notes.push(`${name} in`);
      const response = next(request, call);
      notes.push(`${name} out`);
      return response;
    };
  };
}

test("interceptors stand around a call in their order, and are asked once a method", async () => {
  const notes: string[] = [];
  await using pair = new EchoPair(
    { unary: () => ({}) },
    { server: { interceptors: [noting("first", notes), noting("second", notes)] } },
  );
  const asked = notes.splice(0);
  assert.equal(asked.filter((note) => note === "first for Unary").length, 1);
  assert.equal(asked.length, 2 * 6, "two for each of six methods, before any call");
  await pair.client.unary({});
  await pair.client.unary({});
  const once = ["first in", "second in", "second out", "first out"];
  assert.deepEqual(notes, [...once, ...once], "and all of a synchronous call is synchronous");
});

test("interceptors on both sides change requests, responses and metadata", async () => {
  const adding: Interceptor = (next) => async (request, call) => {
    const { number } = request as Ping;
    call.requestHeader.set("x-client", "was here");
    const response = (await next({ number: number + 1 }, call)) as Pong;
    return { ...response, text: `${response.text} ${call.responseTrailer.get("x-server")}` };
  };
  const doubling: Interceptor = (next) => async (request, call) => {
    const { number } = request as Ping;
    call.responseTrailer.set("x-server", call.header("x-client") ?? "");
    const response = (await next({ ...(request as Ping), number: number * 2 }, call)) as Pong;
    return { ...response, text: "doubled" };
  };
  await using pair = new EchoPair(
    { unary: ({ number }) => ({ number }) },
    { server: { interceptors: [doubling] }, client: { interceptors: [adding] } },
  );
  const { number, text } = await pair.client.unary({ number: 1 });
  assert.deepEqual([number, text], [4, "doubled was here"]);
});

test("an interceptor of a stream may wrap it, on both sides, and may take its time before", async () => {
  const numbering: Interceptor = (next) => async (request, call) => {
    await Promise.resolve();
    const responses = next(request, call) as AsyncIterable<Pong>;
    return (async function* () {
      let received = 0;
      for await (const response of responses) yield { ...response, received: ++received };
    })();
  };
  for (const side of ["server", "client"]) {
    await using pair = new EchoPair(
      {
        async *bidiStream(requests) {
          for await (const { number } of requests) yield { number };
        },
      },
      { [side]: { interceptors: [numbering] } },
    );
    const responses = await collect(pair.client.bidiStream([{ number: 5 }, { number: 6 }]));
    assert.deepEqual(
      responses.map(({ number, received }) => [number, received]),
      [
        [5, 1],
        [6, 2],
      ],
    );
    assert.deepEqual(pair.logged, []);
  }
});

test("leaving the loop over a stream that an interceptor wrapped cancels the call", async () => {
  const cleaned = deferred();
  const wrapping: Interceptor = (next) => (request, call) => {
    const responses = next(request, call) as AsyncIterable<Pong>;
    return (async function* () {
      yield* responses;
    })();
  };
  await using pair = new EchoPair(
    {
      async *serverStream() {
        try {
          for (;;) {
            yield { number: 1 };
            await new Promise((resolve) => setImmediate(resolve));
          }
        } finally {
          cleaned.resolve();
        }
      },
    },
    { client: { interceptors: [wrapping] } },
  );
  for await (const _ of pair.client.serverStream({})) break;
  await cleaned.promise;
  await failure(collect(pair.client.serverStream({}).batches()), Code.Internal);
});

test("a call that ends while an interceptor takes its time ends once, and its generator is never begun", async () => {
  const go = deferred();
  const settled = deferred();
  let begun = false;
  const slow: Interceptor = (next) => async (request, call) => {
    await go.promise;
    queueMicrotask(() => setImmediate(() => settled.resolve()));
    return next(request, call);
  };
  await using pair = new EchoPair(
    {
      async *serverStream() {
        begun = true;
        yield {};
      },
    },
    { server: { interceptors: [slow] }, maxExchanges: 1 },
  );
  await failure(collect(pair.client.serverStream({}, { timeoutMs: 3 })), Code.DeadlineExceeded);
  assert.equal(pair.connection.openable, 0);
  go.resolve();
  await settled.promise;
  assert.equal(begun, false);
  assert.equal(pair.connection.openable, 1);
});

test("an interceptor may answer by itself, or refuse", async () => {
  const guarding: Interceptor = (next, method) => (request, call) => {
    if (method.name === "Unary") return { number: 99 };
    if (call.header("authorization") === undefined) throw new RpcError(Code.Unauthenticated, "who are you?");
    return next(request, call);
  };
  await using pair = new EchoPair(
    { unary: () => assert.fail("called"), serverStream: () => [{ number: 1 }] },
    { server: { interceptors: [guarding] } },
  );
  assert.equal((await pair.client.unary({})).number, 99);
  await failure(collect(pair.client.serverStream({})), Code.Unauthenticated);
  const headers = { authorization: "me" };
  assert.equal((await collect(pair.client.serverStream({}, { headers }))).length, 1);
});

test("a client's interceptor that calls on twice is told so", async () => {
  const twice: Interceptor = (next) => async (request, call) => {
    await next(request, call);
    return next(request, call);
  };
  await using pair = new EchoPair({ unary: () => ({}) }, { client: { interceptors: [twice] } });
  const error = await failure(pair.client.unary({}), Code.Internal);
  assert.match(error.rawMessage, /runs once/);
});

test("what a client's interceptor throws rejects the call", async () => {
  const broken: Interceptor = () => () => {
    throw new RpcError(Code.PermissionDenied, "not you");
  };
  await using pair = new EchoPair({}, { client: { interceptors: [broken] } });
  await failure(pair.client.unary({}), Code.PermissionDenied);
});

test("context values go from the caller's options to its interceptors, and from interceptors to handlers", async () => {
  const user = createContextKey("nobody", { description: "user" });
  const naming: Interceptor = (next) => (request, call) => {
    call.requestHeader.set("x-user", call.values.get(user));
    return next(request, call);
  };
  const reading: Interceptor = (next) => (request, call) => {
    call.values.set(user, call.header("x-user") ?? "");
    return next(request, call);
  };
  await using pair = new EchoPair(
    { unary: (_request, call) => ({ text: call.values.get(user) }) },
    { server: { interceptors: [reading] }, client: { interceptors: [naming] } },
  );
  const contextValues = createContextValues().set(user, "ada");
  assert.equal((await pair.client.unary({}, { contextValues })).text, "ada");
  assert.equal((await pair.client.unary({})).text, "nobody");
});

/** Writes down what it sees of each call. */
function watching(): { readonly seen: string[]; readonly observer: Observer } {
  const seen: string[] = [];
  return {
    seen,
    observer: {
      started: (call) => void seen.push(`${call.method.name} started`),
      received: (_call, count, bytes) => void seen.push(`received ${count}, ${bytes} bytes`),
      sent: (_call, count, bytes) => void seen.push(`sent ${count}, ${bytes} bytes`),
      finished: (_call, error) => void seen.push(`finished ${error === undefined ? "well" : Code[error.code]}`),
    },
  };
}

test("observers on both sides see what a call receives and sends, and its end once", async () => {
  const server = watching();
  const client = watching();
  await using pair = new EchoPair(
    {
      unary: ({ number }) => ({ number }),
      *serverStream() {
        yield* [{ number: 1 }, { number: 2 }, { number: 3 }];
      },
    },
    { server: { observer: server.observer }, client: { observer: client.observer } },
  );
  await pair.client.unary({ number: 1 });
  assert.deepEqual(server.seen.splice(0), ["Unary started", "received 1, 2 bytes", "sent 1, 7 bytes", "finished well"]);
  assert.deepEqual(client.seen.splice(0), ["Unary started", "sent 1, 7 bytes", "received 1, 2 bytes", "finished well"]);
  await collect(pair.client.serverStream({}));
  assert.deepEqual(server.seen.splice(0), [
    "ServerStream started",
    "received 1, 0 bytes",
    "sent 3, 21 bytes",
    "finished well",
  ]);
  assert.deepEqual(client.seen.splice(0), [
    "ServerStream started",
    "sent 1, 5 bytes",
    "received 3, 6 bytes",
    "finished well",
  ]);
});

test("a call is finished once however it ends", async () => {
  const server = watching();
  const client = watching();
  await using pair = new EchoPair(
    {
      unary: (_request, { signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
      serverStream() {
        throw new Error("no");
      },
    },
    { server: { observer: server.observer }, client: { observer: client.observer } },
  );
  await failure(pair.client.unary({}, { timeoutMs: 2 }), Code.DeadlineExceeded);
  await failure(collect(pair.client.serverStream({})), Code.Unknown);
  await pair.call("Unary", [], ping(), ping());
  await pair.settled();
  const ends = (seen: string[]) => seen.filter((note) => note.startsWith("finished"));
  const starts = (seen: string[]) => seen.filter((note) => note.endsWith("started"));
  for (const { seen } of [server, client]) assert.equal(ends(seen).length, starts(seen).length);
  assert.deepEqual(ends(client.seen).slice(0, 2), ["finished DeadlineExceeded", "finished Unknown"]);
});

test("what an observer throws reaches no call, and goes to the log", async () => {
  const fail = () => {
    throw new Error("the metrics are down");
  };
  await using pair = new EchoPair(
    { unary: () => ({ number: 1 }) },
    { server: { observer: { started: fail, received: fail, sent: fail, finished: fail } } },
  );
  assert.equal((await pair.client.unary({})).number, 1);
  assert.equal(pair.logged.length, 4);
});
