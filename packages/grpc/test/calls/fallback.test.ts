import assert from "node:assert/strict";
import { test } from "node:test";
import type { Fallback } from "../../src/index.js";
import { Recorder } from "../exchange/recorder.js";
import { deferred, EchoPair } from "./harness.js";
import { WebServer } from "./web-server.js";

const serve = (fallback: Fallback) => WebServer.open({ unary: () => ({}) }, { fallback });

test("what is no call is answered by the fallback, with its fields and its body", async () => {
  await using server = await serve(async (request, peer) => {
    const { pathname, searchParams } = new URL(request.url);
    const text = `${request.method} ${pathname} ${searchParams.get("a")} ${request.headers.get("x-mine")} ${await request.text()}`;
    return new Response(`${text} ${peer.carrier}`, { status: 201, headers: { "x-page": "yes", "set-cookie": "a=1" } });
  });
  const posted = await fetch(`${server.url}/page?a=1`, { method: "POST", body: "body", headers: { "x-mine": "mine" } });
  assert.equal(posted.status, 201);
  assert.equal(posted.headers.get("x-page"), "yes");
  assert.deepEqual(posted.headers.getSetCookie(), ["a=1"]);
  assert.equal(await posted.text(), "POST /page 1 mine body http1");
  const got = await fetch(`${server.url}/`);
  assert.equal(await got.text(), "GET / null null  http1");
  const head = await fetch(`${server.url}/`, { method: "HEAD" });
  assert.equal(head.status, 201);
  const json = await fetch(`${server.url}/api`, {
    method: "POST",
    body: "{}",
    headers: { "content-type": "application/json" },
  });
  assert.equal(json.status, 201);
});

test("calls do not reach it, nor what is meant as one", async () => {
  let asked = 0;
  await using server = await serve(() => new Response(String(++asked)));
  assert.equal((await server.post("Unary", {})).status, 200);
  assert.equal((await server.fetch("Unary", { method: "GET" })).status, 405);
  for (const type of ["application/grpc", "application/grpc-web", "application/connect+json"]) {
    const response = await server.fetch("Nothing", { body: "", headers: { "content-type": type } });
    assert.equal(response.status, 200);
    await response.arrayBuffer();
  }
  assert.equal(asked, 0);
});

test("a fallback that throws is a failure of the server, which keeps why to itself", async () => {
  await using server = await serve(() => {
    throw new Error("a secret");
  });
  const response = await fetch(`${server.url}/page`);
  assert.equal(response.status, 500);
  assert.equal(await response.text(), "The server failed.\n");
  assert.match(String(server.logged[0]), /a secret/);
});

test("a response is pulled as it is taken, and dropped when the caller has gone", async () => {
  const cancelled = deferred();
  let pulled = 0;
  await using pair = new EchoPair(
    {},
    {
      server: {
        fallback: ({ signal }) =>
          new Response(
            new ReadableStream<Uint8Array>({
              pull(controller) {
                pulled++;
                controller.enqueue(new Uint8Array(50_000));
              },
              cancel: () => cancelled.resolve(),
            }),
            { headers: { "x-aborted": String(signal.aborted) } },
          ),
      },
    },
  );
  const response = pair.open("../page", "content-type", "text/plain");
  response.consumes = false;
  response.exchange.end();
  await response.untilBytes(50_000);
  await pair.settled();
  assert.ok(pulled < 10, `${pulled} chunks were pulled`);
  response.exchange.reset(8);
  await cancelled.promise;
});

test("a request's body waits for the fallback to read it", async () => {
  const read = deferred();
  await using pair = new EchoPair(
    {},
    {
      server: {
        async fallback(request) {
          await read.promise;
          return new Response(String((await request.arrayBuffer()).byteLength));
        },
      },
    },
  );
  const response = pair.open("../page", "content-type", "text/plain");
  const sent = response.send(new Uint8Array(1_000_000), 10_000);
  await pair.settled();
  read.resolve();
  assert.ok((await sent) > 0);
  response.exchange.end();
  await response.untilEnd();
  assert.equal(response.body.toString(), "1000000");
});

test("a body that breaks off breaks the response off", async () => {
  await using pair = new EchoPair(
    {},
    {
      server: {
        fallback: () =>
          new Response(new ReadableStream({ pull: (controller) => controller.error(new Error("no more")) })),
      },
    },
  );
  const response = pair.open("../page", "content-type", "text/plain");
  response.exchange.end();
  assert.equal(await response.untilClosed(), 2);
  assert.match(String(pair.logged[0]), /no more/);
});

test("a body that has nothing to send yet is let go when its caller leaves", async () => {
  const cancelled = deferred<unknown>();
  await using server = await serve(
    () =>
      new Response(
        new ReadableStream({
          start: (controller) => controller.enqueue(new Uint8Array(3)),
          cancel: (reason) => cancelled.resolve(reason),
        }),
      ),
  );
  const abort = new AbortController();
  const response = await fetch(`${server.url}/page`, { signal: abort.signal });
  await response.body?.getReader().read();
  abort.abort();
  assert.match(String(await cancelled.promise), /the request has ended early/);
  assert.deepEqual(server.logged, []);
});

test("a body of something other than bytes is a failure of the fallback", async () => {
  await using server = await serve(
    () =>
      new Response(new ReadableStream({ start: (controller) => controller.enqueue("text" as unknown as Uint8Array) })),
  );
  const response = await fetch(`${server.url}/page`);
  await assert.rejects(response.text());
  assert.match(String(server.logged[0]), /^TypeError: the fallback's body has given "text": expected Uint8Arrays$/);
});

test("what no Request can be is answered without the fallback, and is no line in the log", async () => {
  await using pair = new EchoPair({}, { server: { fallback: () => assert.fail("it was asked") } });
  const response = new Recorder();
  response.exchange = pair.connection.open("*", { fields: [] }, response, "TRACE");
  response.exchange.end();
  await response.untilClosed();
  assert.equal(response.status, 400);
  assert.deepEqual(pair.logged, []);
});
