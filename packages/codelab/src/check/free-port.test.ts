import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { test } from "node:test";
import { freePort, isFree } from "./free-port.js";

test("a port is given once, and never one that somebody is given who asks for any", async () => {
  const given = await Promise.all(Array.from({ length: 20 }, freePort));
  assert.equal(new Set(given).size, given.length);
  await using any = createServer();
  await once(any.listen(0, "127.0.0.1"), "listening");
  const { port } = any.address() as AddressInfo;
  assert.ok(given.every((each) => each < port));
});

test("a port is free until somebody listens there, and again when they have gone", async () => {
  const port = await freePort();
  const server = createServer();
  await once(server.listen(port, "127.0.0.1"), "listening");
  assert.equal(await isFree(port), false);
  server.close();
  await once(server, "close");
  assert.equal(await isFree(port), true);
});
