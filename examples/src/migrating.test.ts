/** What docs/migrating.md shows, run. Its blocks of our code stand in here word for word. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { suite, test } from "node:test";
import { Code as ConnectCode, ConnectError } from "@connectrpc/connect";
import { Code, codeName, createClient, createServer, type Interceptor, RpcError } from "@routeguide/grpc";
import { inMemory } from "@routeguide/grpc/testing";
import { RouteGuide } from "routeguide";

const SOURCE = new URL("../src/migrating.test.ts", import.meta.url);
const DOCUMENT = new URL("../../docs/migrating.md", import.meta.url);
const places = [{ name: "here" }, { name: "there" }];
const area = { lo: {}, hi: {} };

test("docs/migrating.md shows the code of this file", () => {
  const flat = (text: string) => text.replace(/^\s+/gm, "");
  const source = flat(readFileSync(SOURCE, "utf8"));
  const blocks = [...readFileSync(DOCUMENT, "utf8").matchAll(/^becomes\n\n<!-- given:.*?-->\n```ts\n(.*?)^```$/gms)];
  assert.equal(blocks.length, 3);
  for (const [, code = ""] of blocks) assert.ok(source.includes(flat(code)), code);
});

suite("From Connect-ES", () => {
  test("an interceptor gets the message and the call", async () => {
    const authorize: Interceptor = (next) => (request, call) => {
      call.requestHeader.set("authorization", "Bearer open sesame");
      return next(request, call);
    };
    const server = createServer().service(RouteGuide, {
      getFeature: (_point, call) => ({ name: call.header("authorization") ?? "" }),
    });
    const client = createClient(RouteGuide, inMemory(server), { interceptors: [authorize] });
    assert.equal((await client.getFeature({})).name, "Bearer open sesame");
  });

  test("a ConnectError is meant for the caller, anything else is UNKNOWN and keeps its text", async () => {
    const told: unknown[] = [];
    const thrown = [new ConnectError("no place there", ConnectCode.NotFound), new Error("a password")];
    const server = createServer({ onError: (error) => told.push(error) }).service(RouteGuide, {
      getFeature() {
        throw thrown.shift();
      },
    });
    const client = createClient(RouteGuide, inMemory(server));
    await assert.rejects(client.getFeature({}), { code: Code.NotFound, rawMessage: "no place there" });
    await assert.rejects(client.getFeature({}), { code: Code.Unknown, rawMessage: "the handler failed" });
    assert.deepEqual(told, [new Error("a password")]);
  });

  test("messages of more than 4 MiB are refused", async () => {
    const server = createServer().service(RouteGuide, { getFeature: () => ({ name: "x".repeat(2 ** 22) }) });
    await assert.rejects(createClient(RouteGuide, inMemory(server)).getFeature({}), { code: Code.ResourceExhausted });
  });

  test("leaving the loop cancels the call", async () => {
    const cancelled = new Promise<void>((resolve) => {
      const server = createServer().service(RouteGuide, {
        async *listFeatures(_area, call) {
          call.signal.addEventListener("abort", () => resolve());
          for (;;) yield { name: "on and on" };
        },
      });
      void (async () => {
        for await (const _ of createClient(RouteGuide, inMemory(server)).listFeatures({})) break;
      })();
    });
    await cancelled;
  });
});

suite("From grpc-js", () => {
  const server = createServer().service(RouteGuide, {
    *listFeatures(_area, call) {
      if (call.header("user-agent") === undefined) throw new RpcError(Code.PermissionDenied, "who are you?");
      yield* places;
    },
  });
  const client = createClient(RouteGuide, inMemory(server));

  test("a stream of responses is a generator, and a loop", async () => {
    const names: string[] = [];
    try {
      for await (const feature of client.listFeatures(area, { timeoutMs: 500 })) names.push(feature.name);
    } catch (reason) {
      const { code, rawMessage } = RpcError.from(reason);
      console.error(codeName(code), rawMessage);
    }
    assert.deepEqual(names, ["here", "there"]);
  });
});
