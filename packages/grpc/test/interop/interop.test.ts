import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryPair } from "../../src/carrier/memory.js";
import { gzip } from "../../src/envelope/node-zlib.js";
import { createServer } from "../../src/index.js";
import { transportOf } from "../calls/harness.js";
import { TestService } from "../gen/grpc/testing/test_pb.js";
import { CASES } from "./cases.js";
import { makeClients } from "./clients.js";
import { testService } from "./service.js";

for (const [name, run] of Object.entries(CASES)) {
  test(`our interop server answers our interop client as it must: ${name}`, { timeout: 10_000 }, async () => {
    await using server = createServer({ readMaxBytes: 16 * 1024 * 1024, compressions: [gzip] }).service(
      TestService,
      testService,
    );
    const clients = makeClients(transportOf(memoryPair(server.accept)));
    await run(clients);
    if (name === "server_compressed_streaming") assert.equal(clients.compressed.received, 1);
  });
}
