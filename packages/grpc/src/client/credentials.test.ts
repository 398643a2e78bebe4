import assert from "node:assert/strict";
import { test } from "node:test";
import { collect, EchoPair, failure, later } from "../../test/calls/harness.js";
import { Code, type Interceptor, RpcError } from "../index.js";

/** Credentials that take their time, as those do which ask a server for a token. */
const credentials =
  (token: () => Promise<string>): Interceptor =>
  (next) =>
  async (request, call) => {
    call.requestHeader.set("authorization", `Bearer ${await token()}`);
    return next(request, call);
  };

const slowly = async () => {
  await new Promise((resolve) => setImmediate(resolve));
  return "secret";
};

test("an interceptor may fetch credentials before each call, whatever its kind", async () => {
  const shown: (string | undefined)[] = [];
  await using pair = new EchoPair(
    {
      unary(_request, call) {
        shown.push(call.header("authorization"));
        return {};
      },
      *serverStream(_request, call) {
        shown.push(call.header("authorization"));
        yield { number: 1 };
        yield { number: 2 };
      },
      async clientStream(requests, call) {
        shown.push(call.header("authorization"));
        return { received: (await collect(requests)).length };
      },
    },
    { client: { interceptors: [credentials(slowly)] } },
  );
  await pair.client.unary({});
  assert.equal((await collect(pair.client.serverStream({}))).length, 2);
  assert.equal((await pair.client.clientStream(later({}, {}))).received, 2);
  assert.deepEqual(shown, ["Bearer secret", "Bearer secret", "Bearer secret"]);
});

test("a stream is read in batches behind such an interceptor, too", async () => {
  await using pair = new EchoPair(
    {
      *serverStream() {
        yield { number: 1 };
        yield { number: 2 };
      },
    },
    { client: { interceptors: [credentials(slowly)] } },
  );
  let count = 0;
  await pair.client.serverStream({}).forEachBatch((batch) => {
    count += batch.count;
  });
  for await (const batch of pair.client.serverStream({}).batches()) count += batch.count;
  assert.equal(count, 4);
});

test("a stream that an interceptor has made of its own has no batches", async () => {
  const own: Interceptor = () => () => later({ number: 1 });
  await using pair = new EchoPair({}, { client: { interceptors: [own] } });
  await failure(
    pair.client.serverStream({}).forEachBatch(() => {}),
    Code.Internal,
  );
  await failure(collect(pair.client.serverStream({}).batches()), Code.Internal);
});

test("credentials that cannot be had fail the call with their own error", async () => {
  const refused = credentials(() => Promise.reject(new RpcError(Code.Unauthenticated, "no token")));
  await using pair = new EchoPair({}, { client: { interceptors: [refused] } });
  await failure(pair.client.unary({}), Code.Unauthenticated);
  await failure(collect(pair.client.serverStream({})), Code.Unauthenticated);
});
