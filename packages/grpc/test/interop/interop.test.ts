import { test } from "node:test";
import { memoryPair } from "../../src/carrier/memory.js";
import { createClient, createServer } from "../../src/index.js";
import { transportOf } from "../calls/harness.js";
import { TestService, UnimplementedService } from "../gen/grpc/testing/test_pb.js";
import { CASES } from "./cases.js";
import { testService } from "./service.js";

for (const [name, run] of Object.entries(CASES)) {
  test(`our interop server answers our interop client as it must: ${name}`, { timeout: 10_000 }, async () => {
    await using server = createServer({ readMaxBytes: 16 * 1024 * 1024 }).service(TestService, testService);
    const transport = transportOf(memoryPair(server.accept));
    const clients = {
      test: createClient(TestService, transport),
      unimplemented: createClient(UnimplementedService, transport),
    };
    await run(clients);
  });
}
