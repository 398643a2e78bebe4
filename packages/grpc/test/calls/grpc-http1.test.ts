/** gRPC over HTTP/1.1, which no specification has: what HTTP/2 sends as trailers comes as the trailers of a chunked body. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { test } from "node:test";
import { fromBinary } from "@bufbuild/protobuf";
import { isWholeMessage, PREFIX_BYTES } from "../../src/envelope/prefix.js";
import { Code, RpcError } from "../../src/index.js";
import { PongSchema } from "../gen/kinds/echo_pb.js";
import { type EchoImpl, ping } from "./harness.js";
import { WebServer } from "./web-server.js";

const impl: EchoImpl = {
  unary({ number }, call) {
    if (number < 0) throw new RpcError(Code.OutOfRange, "below zero");
    call.responseHeader.set("x-head", "1");
    call.responseTrailer.set("x-tail", "2");
    return { number };
  },
  *serverStream({ number }) {
    yield { number };
    throw new RpcError(Code.Aborted, "after one");
  },
  async *bidiStream(requests) {
    for await (const { number } of requests) yield { number };
  },
};

/** A call whose request is still open. */
function open(server: WebServer, method: string) {
  const headers = { "content-type": "application/grpc", te: "trailers" };
  return request(`${server.url}/kinds.Echo/${method}`, { method: "POST", headers, agent: false });
}

async function answer(server: WebServer, method: string, ...messages: Uint8Array[]): Promise<IncomingMessage> {
  const sent = open(server, method);
  for (const message of messages) sent.write(message);
  sent.end();
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  return response;
}

/** The numbers in a body of small messages, each of which comes whole. */
async function numbersIn(response: IncomingMessage): Promise<number[]> {
  const numbers: number[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) {
    for (let at = 0, end = 0; at < chunk.length; at = end) {
      end = at + PREFIX_BYTES + chunk.readUInt32BE(at + 1);
      assert.ok(isWholeMessage(chunk, at, end, 1000));
      numbers.push(fromBinary(PongSchema, chunk.subarray(at + PREFIX_BYTES, end)).number);
    }
  }
  return numbers;
}

test("a call is answered with its status after the last chunk", async () => {
  await using server = await WebServer.open(impl);
  const response = await answer(server, "Unary", ping({ number: 5 }));
  assert.equal(response.statusCode, 200);
  assert.equal(response.httpVersion, "1.1");
  assert.equal(response.headers["content-type"], "application/grpc");
  assert.equal(response.headers["x-head"], "1");
  assert.deepEqual(await numbersIn(response), [5]);
  assert.deepEqual({ ...response.trailers }, { "grpc-status": "0", "x-tail": "2" });
});

test("an error after a message is in the trailers, too", async () => {
  await using server = await WebServer.open(impl);
  const response = await answer(server, "ServerStream", ping({ number: 1 }));
  assert.deepEqual(await numbersIn(response), [1]);
  assert.deepEqual({ ...response.trailers }, { "grpc-status": String(Code.Aborted), "grpc-message": "after one" });
});

test("an error instead of a message, and a method that is not there, are in the head", async () => {
  await using server = await WebServer.open(impl);
  for (const [method, code] of [
    ["Unary", Code.OutOfRange],
    ["Nothing", Code.Unimplemented],
  ] as const) {
    const response = await answer(server, method, ping({ number: -1 }));
    assert.equal(response.statusCode, 200);
    assert.deepEqual(await numbersIn(response), []);
    assert.equal(response.headers["grpc-status"], String(code));
  }
});

test("a stream both ways is answered while the request is still open", async () => {
  await using server = await WebServer.open(impl);
  const sent = open(server, "BidiStream");
  sent.write(ping({ number: 1 }));
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  const chunks = response[Symbol.asyncIterator]();
  for (const number of [1, 2, 3]) {
    const { value } = (await chunks.next()) as IteratorResult<Buffer>;
    assert.equal(fromBinary(PongSchema, value.subarray(PREFIX_BYTES)).number, number);
    if (number < 3) sent.write(ping({ number: number + 1 }));
  }
  sent.end();
  assert.equal((await chunks.next()).done, true);
  assert.equal(response.trailers["grpc-status"], "0");
});
