import assert from "node:assert/strict";
import { test } from "node:test";
import { Code, decodeBinaryHeader, encodeBinaryHeader, RpcError } from "../../src/index.js";
import { collect, deferred, EchoPair, failure, field, later, ping } from "./harness.js";

test("metadata arrives: single, repeated, binary, and read one by one without a Headers object", async () => {
  const seen = deferred<unknown[]>();
  await using pair = new EchoPair({
    unary(_request, call) {
      seen.resolve([
        call.header("x-one"),
        call.header("x-none"),
        call.requestHeader.get("x-many"),
        [...(call.bytes("x-blob-bin") ?? [])],
        call.bytes("x-none-bin"),
      ]);
      return {};
    },
  });
  const headers = new Headers({ "x-one": "1", "x-blob-bin": "AQID" });
  headers.append("x-many", "a");
  headers.append("x-many", "b");
  headers.append("x-blob-bin", "BAUG");
  await pair.client.unary({}, { headers });
  assert.deepEqual(await seen.promise, ["1", undefined, "a, b", [1, 2, 3], undefined]);
});

test("a binary field that is not base64 is none for the handler, and refused where it would be sent", async () => {
  const seen = deferred<unknown>();
  await using pair = new EchoPair({
    unary(_request, call) {
      seen.resolve(call.bytes("x-broken-bin"));
      return {};
    },
  });
  await pair.call("Unary", ["x-broken-bin", "%%"], ping());
  assert.equal(await seen.promise, undefined);
  const error = await failure(pair.client.unary({}, { headers: { "x-broken-bin": "%%" } }), Code.InvalidArgument);
  assert.equal(
    error.rawMessage,
    'the metadata x-broken-bin is "%%": expected base64, such as encodeBinaryHeader() gives',
  );
});

test("bytes become a binary field and bytes again", () => {
  const bytes = Uint8Array.of(0, 255, 62, 63);
  assert.equal(encodeBinaryHeader(bytes), "AP8+Pw");
  assert.deepEqual(decodeBinaryHeader("AP8+Pw"), bytes);
  assert.deepEqual(decodeBinaryHeader("AP8+Pw==, AQ"), bytes);
  assert.equal(decodeBinaryHeader("%"), undefined);
});

test("repeated fields on the wire are repeated in the handler", async () => {
  const seen = deferred<string | null>();
  await using pair = new EchoPair({
    unary(_request, call) {
      seen.resolve(call.requestHeader.get("x-many"));
      return {};
    },
  });
  await pair.call("Unary", ["x-many", "a", "x-many", "b"], ping());
  assert.equal(await seen.promise, "a, b");
});

test("headers and trailers of a handler reach the caller, binary values each in a field of its own", async () => {
  await using pair = new EchoPair({
    unary(_request, call) {
      call.responseHeader.set("x-head", "h");
      call.responseTrailer.append("x-trail-bin", "AQ");
      call.responseTrailer.append("x-trail-bin", "Ag");
      return {};
    },
  });
  const response = await pair.call("Unary", [], ping());
  assert.equal(field(response.fields, "x-head"), "h");
  assert.equal(field(response.trailers, "x-head"), undefined);
  assert.deepEqual(response.trailers?.slice(-4), ["x-trail-bin", "AQ", "x-trail-bin", "Ag"]);
});

test("a call that fails at once with header fields sends a head before its trailers", async () => {
  await using pair = new EchoPair({
    unary(_request, call) {
      call.responseHeader.set("x-head", "h");
      call.responseTrailer.set("x-trail", "t");
      throw new RpcError(Code.NotFound, "no", { metadata: { "x-error": "e" } });
    },
  });
  const response = await pair.call("Unary", [], ping());
  assert.equal(field(response.fields, "x-head"), "h");
  assert.equal(field(response.fields, "grpc-status"), undefined);
  assert.deepEqual([field(response.trailers, "x-trail"), field(response.trailers, "x-error")], ["t", "e"]);
});

test("a call that fails at once without header fields is nothing but trailers", async () => {
  await using pair = new EchoPair({
    unary() {
      throw new RpcError(Code.NotFound, "no");
    },
    serverStream: () => [],
  });
  const failed = await pair.call("Unary", [], ping());
  assert.equal(failed.fields, failed.trailers);
  const empty = await pair.call("ServerStream", [], ping());
  assert.equal(empty.fields, empty.trailers);
  assert.equal(field(empty.trailers, "grpc-status"), "0");
});

test("a client's callbacks get header and trailers once, whether the call ends well or not", async () => {
  await using pair = new EchoPair({
    unary(request, call) {
      call.responseHeader.set("x-head", "h");
      call.responseTrailer.set("x-trail", "t");
      if (request.number === 0) throw new RpcError(Code.Internal, "zero");
      return {};
    },
  });
  for (const number of [0, 1]) {
    const seen: (string | null)[] = [];
    const options = {
      onHeader: (headers: Headers) => void seen.push(headers.get("x-head")),
      onTrailer: (trailers: Headers) => void seen.push(trailers.get("x-trail")),
    };
    await pair.client.unary({ number }, options).catch(() => {});
    assert.deepEqual(seen, ["h", "t"]);
  }
});

test("the head leaves when the handler says so, before any message", async () => {
  const go = deferred();
  await using pair = new EchoPair({
    async *bidiStream(_requests, call) {
      call.responseHeader.set("x-head", "h");
      call.sendHeader();
      call.sendHeader();
      call.responseHeader.set("x-late", "l");
      await go.promise;
      yield { number: 1 };
    },
  });
  const response = pair.open("BidiStream");
  await response.untilHead();
  assert.equal(response.received, 0);
  assert.equal(field(response.fields, "x-head"), "h");
  assert.equal(field(response.fields, "x-late"), undefined);
  go.resolve();
  await response.untilEnd();
});

test("header fields that are set before the first message of a stream go with it", async () => {
  await using pair = new EchoPair({
    async *serverStream(_request, call) {
      await Promise.resolve();
      call.responseHeader.set("x-head", "h");
      yield* later({ number: 1 });
      call.responseTrailer.set("x-trail", "t");
    },
  });
  const response = await pair.call("ServerStream", [], ping());
  assert.equal(field(response.fields, "x-head"), "h");
  assert.equal(field(response.trailers, "x-trail"), "t");
});

test("a client may not send the protocol's own names, and is told which", async () => {
  let calls = 0;
  await using pair = new EchoPair({
    unary() {
      calls++;
      return {};
    },
  });
  for (const name of ["grpc-timeout", "grpc-anything", "te", "content-type", "host", "connection"]) {
    const error = await failure(pair.client.unary({}, { headers: { [name]: "x" } }), Code.InvalidArgument);
    assert.match(error.rawMessage, new RegExp(`"${name}"`));
    await failure(collect(pair.client.serverStream({}, { headers: { [name]: "x" } })), Code.InvalidArgument);
  }
  await pair.settled();
  assert.equal(calls, 0);
});

test("a handler cannot set the protocol's own names", async () => {
  await using pair = new EchoPair({
    unary(_request, call) {
      call.responseHeader.set("content-type", "text/html");
      call.responseHeader.set("grpc-encoding", "br");
      call.responseTrailer.set("grpc-status", "5");
      return {};
    },
  });
  const response = await pair.call("Unary", [], ping());
  assert.equal(field(response.fields, "content-type"), "application/grpc");
  assert.equal(field(response.fields, "grpc-encoding"), undefined);
  assert.equal(field(response.trailers, "grpc-status"), "0");
});

test("a client's user agent stands before the runtime's", async () => {
  const agents: (string | undefined)[] = [];
  await using pair = new EchoPair({
    unary(_request, call) {
      agents.push(call.header("user-agent"));
      return {};
    },
  });
  await pair.client.unary({});
  await pair.client.unary({}, { headers: { "user-agent": "mine/1" } });
  assert.match(agents[0] ?? "", /^grpc-typescript-routeguide\//);
  assert.match(agents[1] ?? "", /^mine\/1 grpc-typescript-routeguide\//);
});

test("headers that HTTP does not take reject the call instead of throwing", async () => {
  await using pair = new EchoPair({ unary: () => ({}) });
  const response = pair.client.unary({}, { headers: { "not a name": "x" } });
  const error = await failure(response, Code.InvalidArgument);
  assert.match(error.rawMessage, /^the headers of the call cannot be sent: .*not a name/);
});

test("a handler sees where it was called", async () => {
  const seen = deferred<unknown[]>();
  await using pair = new EchoPair({
    unary(_request, call) {
      seen.resolve([call.url, call.requestMethod, call.protocolName, call.peer.carrier, call.method.name]);
      return {};
    },
  });
  await pair.client.unary({});
  assert.deepEqual(await seen.promise, ["http://memory/kinds.Echo/Unary", "POST", "grpc", "memory", "Unary"]);
});
