import assert from "node:assert/strict";
import { connect } from "node:http2";
import { test } from "node:test";
import { Code, createServer } from "../../src/index.js";
import { listen } from "../../src/node.js";
import { Echo } from "../gen/kinds/echo_pb.js";
import { EchoPair, failure, field, openRaw, ping } from "./harness.js";

const UNIMPLEMENTED = String(Code.Unimplemented);

test("a method that no service has is UNIMPLEMENTED: HTTP 200 and nothing but trailers", async () => {
  await using pair = new EchoPair({});
  for (const path of ["/kinds.Echo/Nothing", "/kinds.Nobody/Unary", "/", "", "/kinds.Echo/unary"]) {
    const response = openRaw(pair.connection, path, []);
    response.exchange.end();
    await response.untilClosed();
    assert.equal(response.status, 200);
    assert.equal(response.fields, response.trailers, "one block is both");
    assert.equal(field(response.trailers, "grpc-status"), UNIMPLEMENTED);
    assert.equal(field(response.trailers, "content-type"), "application/grpc");
    assert.match(field(response.trailers, "grpc-message") ?? "", /there is no method/);
  }
});

test("a method without a handler is UNIMPLEMENTED, whatever its kind", async () => {
  await using pair = new EchoPair({});
  const { client } = pair;
  await failure(client.missing({}), Code.Unimplemented);
  await failure(client.clientStream([]), Code.Unimplemented);
  await failure(client.serverStream({})[Symbol.asyncIterator]().next(), Code.Unimplemented);
  await failure(client.bidiStream([])[Symbol.asyncIterator]().next(), Code.Unimplemented);
  assert.deepEqual(pair.logged, [], "that is no failure of the server");
});

test("a service is added once", () => {
  const server = createServer().service(Echo, {});
  assert.throws(() => server.service(Echo, {}), { name: "TypeError", message: /kinds\.Echo is there already/ });
  assert.deepEqual(server.services, [Echo]);
});

test("the content types of gRPC are served, with parameters and in any case; others are answered with 415", async () => {
  await using pair = new EchoPair({ unary: ({ number }) => ({ number }) });
  for (const type of ["application/grpc", "application/grpc+proto", "Application/GRPC; charset=utf-8"]) {
    const response = await pair.call("Unary", ["content-type", type], ping({ number: 1 }));
    assert.equal(field(response.trailers, "grpc-status"), "0", type);
  }
  for (const type of ["application/xml", "application/grpc+thrift", "application/grpc-other", "text/plain", ""]) {
    const response = await pair.call("Unary", ["content-type", type], ping());
    assert.equal(response.status, 415, type);
    assert.match(field(response.fields, "accept-post") ?? "", /application\/grpc\+proto/);
    assert.equal(field(response.trailers, "grpc-status"), undefined);
  }
});

test("what is not POST is answered with 405, which says what is allowed", async () => {
  const server = createServer().service(Echo, {});
  await using listening = await listen(server, { port: 0 });
  const session = connect(`http://${listening.address}`);
  const stream = session.request({ ":method": "GET", ":path": "/kinds.Echo/Unary" });
  const headers = await new Promise<Record<string, unknown>>((resolve) => stream.on("response", resolve));
  assert.equal(headers[":status"], 405);
  assert.equal(headers["allow"], "POST");
  stream.resume();
  await new Promise<void>((resolve) => session.close(resolve));
});

test("options that cannot be are refused when a server is made", () => {
  assert.throws(() => createServer({ readMaxBytes: -1 }), { name: "RangeError", message: /readMaxBytes is -1/ });
  assert.throws(() => createServer({ maxTimeoutMs: Number.NaN }), { name: "RangeError", message: /maxTimeoutMs/ });
});
