import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { create, toBinary } from "@bufbuild/protobuf";
import { failure, transportOf } from "../../test/calls/harness.js";
import { Recorder } from "../../test/exchange/recorder.js";
import { ConformanceService } from "../../test/gen/connectrpc/conformance/v1/service_pb.js";
import { Echo, PongSchema } from "../../test/gen/kinds/echo_pb.js";
import { memoryPair } from "../carrier/memory.js";
import { gzip } from "../envelope/node-zlib.js";
import { type ClientOptions, Code, createClient, RpcError } from "../index.js";
import { errorToJson } from "./connect-error-json.js";
import { decodeGetQuery } from "./connect-get.js";

/** A client that speaks Connect, and what its only request looked like to the server. */
function connectPair(answer: (request: Recorder) => void, options: ClientOptions = {}) {
  const requests: Recorder[] = [];
  const connection = memoryPair((exchange) => {
    const request = new Recorder();
    request.exchange = exchange;
    requests.push(request);
    void request.until(() => request.trailers !== undefined).then(() => answer(request));
    return request;
  });
  const transport = {
    protocolName: "connect",
    connection: () => connection,
    [Symbol.asyncDispose]: async () => connection.close(),
  };
  return { client: createClient(Echo, transport, options), requests };
}

const bodyOf = ({ chunks }: Recorder) => Buffer.concat(chunks);

function respond({ exchange }: Recorder, status: number, fields: string[], body: Uint8Array): void {
  exchange.head({ fields }, status);
  exchange.write(body, 0, body.length);
  exchange.end();
}

const PONG = toBinary(PongSchema, create(PongSchema, { number: 7, text: "hello" }));
const PROTO = ["content-type", "application/proto"];

test("the body is the message and nothing else, both ways", async () => {
  const { client, requests } = connectPair((request) => respond(request, 200, PROTO, PONG));
  assert.equal((await client.unary({ number: 3 })).text, "hello");
  const [request] = requests;
  assert.ok(request);
  assert.equal(request.exchange.verb, "POST");
  assert.deepEqual([...bodyOf(request)], [8, 3]);
});

test("fields with the prefix are trailers", async () => {
  const fields = [...PROTO, "x-head", "1", "trailer-x-end", "2"];
  const { client } = connectPair((request) => respond(request, 200, fields, PONG));
  const told: (string | null)[] = [];
  await client.unary(
    {},
    {
      onHeader: (headers) => told.push(headers.get("x-head"), headers.get("trailer-x-end")),
      onTrailer: (trailers) => told.push(trailers.get("x-end"), trailers.get("x-head")),
    },
  );
  assert.deepEqual(told, ["1", null, "2", null]);
});

test("messages that are large enough are compressed, and responses may be", async () => {
  const fields = [...PROTO, "content-encoding", "gzip"];
  const options = { compression: gzip, compressMinBytes: 100 };
  const { client, requests } = connectPair((request) => respond(request, 200, fields, gzip.compress(PONG)), options);
  assert.equal((await client.unary({ text: "a".repeat(200) })).text, "hello");
  assert.equal((await client.unary({ text: "a" })).text, "hello");
  const encodings = requests.map(({ exchange: { fields } }) => fields[fields.indexOf("content-encoding") + 1]);
  assert.deepEqual([encodings[0], requests[1]?.exchange.fields.includes("content-encoding")], ["gzip", false]);
  const [first] = requests;
  assert.ok(first);
  const inflated = gzip.decompress(bodyOf(first), 1000);
  assert.ok(inflated instanceof Uint8Array && inflated.length > 200);
});

test("a method without side effects goes as GET if the caller wants it, and as POST if its URL would be too long", async () => {
  const seen: string[] = [];
  const connection = memoryPair((exchange) => {
    const request = new Recorder();
    request.exchange = exchange;
    const query = decodeGetQuery(exchange.path.split("?")[1] ?? "");
    const said =
      typeof query === "string" ? "nothing" : `${query.format} ${query.encoding} ${query.message.length > 0}`;
    const types = exchange.fields.includes("content-type");
    seen.push(`${exchange.verb} ${exchange.path.split("?")[0]} ${said} ${types}`);
    void request
      .until(() => request.trailers !== undefined)
      .then(() => respond(request, 200, PROTO, new Uint8Array(0)));
    return request;
  });
  const transport = { ...transportOf(connection), protocolName: "connect" };
  const options = { useHttpGet: true, compression: gzip, compressMinBytes: 100 };
  const client = createClient(ConformanceService, transport, options);
  const response = (length: number) => ({ case: "responseData" as const, value: randomBytes(length) });
  await client.idempotentUnary({ responseDefinition: { response: response(10) } });
  await client.idempotentUnary({ responseDefinition: { response: response(1000) } });
  await client.idempotentUnary({ responseDefinition: { response: response(10_000) } });
  await client.unary({});
  const path = "/connectrpc.conformance.v1.ConformanceService";
  assert.deepEqual(seen, [
    `GET ${path}/IdempotentUnary proto undefined true false`,
    `GET ${path}/IdempotentUnary proto gzip true false`,
    `POST ${path}/IdempotentUnary nothing true`,
    `POST ${path}/Unary nothing true`,
  ]);
});

test("an error's body says its code, message and details; one that says nothing has its HTTP status", async () => {
  const details = [{ type: "kinds.Pong", value: PONG }];
  const json = Buffer.from(JSON.stringify(errorToJson(new RpcError(Code.NotFound, "nowhere", { details }))));
  const type = ["content-type", "application/json", "x-head", "1", "trailer-x-end", "2"];
  const first = connectPair((request) => respond(request, 404, type, json));
  const error = await failure(first.client.unary({}), Code.NotFound);
  assert.equal(error.rawMessage, "nowhere");
  assert.equal(error.findDetails(PongSchema)[0]?.text, "hello");
  assert.deepEqual([error.metadata.get("x-head"), error.metadata.get("x-end")], ["1", "2"]);
  const compressed = connectPair(
    (request) => respond(request, 404, [...type, "content-encoding", "gzip"], gzip.compress(json)),
    { compressions: [gzip] },
  );
  await failure(compressed.client.unary({}), Code.NotFound);
  for (const body of ["", "{", "[]", '{"code":3,"message":4}']) {
    const broken = connectPair((request) => respond(request, 503, type, Buffer.from(body)));
    await failure(broken.client.unary({}), Code.Unavailable);
  }
});

test("a response that is larger than allowed is refused before it has all come", async () => {
  let ended: unknown;
  const { client } = connectPair(
    (request) => {
      request.exchange.head({ fields: PROTO });
      request.exchange.write(new Uint8Array(1001), 0, 1001);
      ended = request.until(() => request.isClosed);
    },
    { readMaxBytes: 1000 },
  );
  await failure(client.unary({}), Code.ResourceExhausted);
  await ended;
});

test("a call that is cancelled resets its exchange", async () => {
  const abort = new AbortController();
  let closed: Promise<void> | undefined;
  const { client } = connectPair((request) => {
    closed = request.until(() => request.isClosed);
    abort.abort();
  });
  await failure(client.unary({}, { signal: abort.signal }), Code.Canceled);
  await closed;
});
