import assert from "node:assert/strict";
import { test } from "node:test";
import { type Codec, Envelopes, jsonFormat } from "../../src/index.js";
import { PongSchema } from "../gen/kinds/echo_pb.js";
import { deferred, EchoPair, envelope, ping } from "./harness.js";

const KIBIBYTE = 1024;
const payload = new Uint8Array(KIBIBYTE);
/** What a carrier queues before it says stop, and one burst of a pump, in messages of a kibibyte. */
const MOST_PULLED = (64 * KIBIBYTE + 32 * KIBIBYTE) / KIBIBYTE + 1;

/** A reader that gives nothing back. */
function stalled(pair: EchoPair, method: string) {
  const response = pair.open(method);
  response.consumes = false;
  response.exchange.write(ping(), 0, ping().length);
  response.exchange.end();
  return response;
}

test("a reader that stalls makes a plain generator stop within a batch, and go on when it reads", async () => {
  let pulled = 0;
  await using pair = new EchoPair({
    *serverStream() {
      for (; pulled < 1000; pulled++) yield { payload };
    },
  });
  const response = stalled(pair, "ServerStream");
  await pair.settled();
  assert.ok(pulled > 60 && pulled <= MOST_PULLED, `${pulled} messages were asked for`);
  const before = pulled;
  await pair.settled();
  assert.equal(pulled, before);
  response.consume();
  await pair.settled();
  assert.ok(pulled > before);
  response.consumes = true;
  response.consume();
  await response.untilClosed();
  assert.equal(pulled, 1000);
  assert.ok(response.received > 1000 * KIBIBYTE);
});

test("a reader that stalls makes an async generator stop", async () => {
  let pulled = 0;
  await using pair = new EchoPair({
    async *serverStream() {
      for (; ; pulled++) yield { payload };
    },
  });
  const response = stalled(pair, "ServerStream");
  await response.untilBytes(64 * KIBIBYTE);
  for (let i = 0; i < 10; i++) await pair.settled();
  assert.ok(pulled <= MOST_PULLED, `${pulled} messages were asked for`);
});

test("finished envelopes wait for a stalled reader, too", async () => {
  const run = Envelopes.of(
    PongSchema,
    Array.from({ length: 100 }, () => ({ payload })),
  );
  let pulled = 0;
  await using pair = new EchoPair({
    *serverStream() {
      for (; ; pulled++) yield run;
    },
  });
  stalled(pair, "ServerStream");
  await pair.settled();
  assert.equal(pulled, 0, "the first run fills the window, and the second is not asked for");
});

test("a client that does not read its responses makes the server wait", async () => {
  let pulled = 0;
  await using pair = new EchoPair({
    *serverStream() {
      for (; ; pulled++) yield { payload };
    },
  });
  const responses = pair.client.serverStream({})[Symbol.asyncIterator]();
  await responses.next();
  await pair.settled();
  const before = pulled;
  await pair.settled();
  assert.equal(pulled, before);
  await responses.return?.();
});

test("a handler that does not read its requests makes the client's generator wait, until it reads", async () => {
  const read = deferred();
  await using pair = new EchoPair({
    async clientStream(requests) {
      await read.promise;
      let number = 0;
      for await (const _ of requests) number++;
      return { number };
    },
  });
  let pulled = 0;
  const requests = function* () {
    for (; pulled < 1000; pulled++) yield { payload };
  };
  const response = pair.client.clientStream(requests());
  await pair.settled();
  assert.ok(pulled > 60 && pulled <= MOST_PULLED, `${pulled} messages were asked for`);
  read.resolve();
  assert.equal((await response).number, 1000);
});

test("a message larger than the window arrives at a handler that reads", async () => {
  await using pair = new EchoPair({
    async clientStream(requests) {
      let number = 0;
      for await (const request of requests) number += request.payload.length;
      return { number };
    },
  });
  const large = new Uint8Array(1_000_000);
  assert.equal((await pair.client.clientStream([{ payload: large }, { payload: large }])).number, 2_000_000);
});

test("what a plain generator gives at once leaves in few writes", async () => {
  await using pair = new EchoPair({
    *serverStream() {
      for (let number = 0; number < 1000; number++) yield { number };
    },
  });
  const response = pair.open("ServerStream");
  response.exchange.write(ping(), 0, ping().length);
  response.exchange.end();
  await response.untilClosed();
  assert.equal(response.chunks.length, 1);
});

test("finished envelopes that leave in another format are turned into it no faster than they are read", async () => {
  const run = Envelopes.of(
    PongSchema,
    Array.from({ length: 1000 }, () => ({ payload })),
  );
  let encoded = 0;
  const json = jsonFormat();
  const codec: Codec = {
    ...json,
    encode(desc, message) {
      encoded++;
      return json.encode(desc, message);
    },
  };
  await using pair = new EchoPair({ serverStream: () => [run, run] }, { server: { codecs: [codec] } });
  const response = pair.open("ServerStream", "content-type", "application/grpc+json");
  response.consumes = false;
  const request = envelope(Buffer.from("{}"));
  response.exchange.write(request, 0, request.length);
  response.exchange.end();
  await pair.settled();
  assert.ok(encoded > 0 && encoded <= MOST_PULLED, `${encoded} messages`);
  response.consumes = true;
  response.consume();
  await response.untilClosed();
  assert.equal(encoded, 2000);
});
