import assert from "node:assert/strict";
import { test } from "node:test";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { BadRequestSchema, RetryInfoSchema } from "./details.js";

test("Details are google.rpc's, byte for byte", () => {
  const bytes = Buffer.from("\n\x14\n\x08point.x1\x12\x08cannot b", "latin1");
  const badRequest = fromBinary(BadRequestSchema, bytes);
  assert.equal(BadRequestSchema.typeName, "google.rpc.BadRequest");
  assert.deepEqual(
    badRequest.fieldViolations.map(({ field, description }) => ({ field, description })),
    [{ field: "point.x1", description: "cannot b" }],
  );
  assert.deepEqual(Buffer.from(toBinary(BadRequestSchema, badRequest)), bytes);
  const retry = fromBinary(RetryInfoSchema, Uint8Array.of(0x0a, 0x02, 0x08, 0x05));
  assert.equal(retry.retryDelay?.seconds, 5n);
});
