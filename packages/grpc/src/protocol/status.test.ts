import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Code } from "../call/code.js";
import { RpcError } from "../call/rpc-error.js";
import { StatusSchema } from "../gen/google/rpc/status_pb.js";
import { codeOfHttpStatus } from "./http-status.js";
import { appendStatus, readStatus } from "./status.js";

const written = (error: RpcError) => {
  const fields: string[] = [];
  appendStatus(fields, error);
  return fields;
};

function read(...fields: string[]): RpcError {
  const error = readStatus(fields);
  assert.ok(error instanceof RpcError);
  return error;
}

test("an error is read as it was written: code, message, details, metadata", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 16 }),
      fc.string({ unit: "binary" }),
      fc.uint8Array(),
      (code, text, bytes) => {
        const details = [
          { type: "a.B", value: bytes },
          { desc: StatusSchema, value: { code, message: text } },
        ];
        const error = read(...written(new RpcError(code, text, { details, metadata: { "x-a": "1" } })));
        assert.equal(error.code, code);
        assert.equal(error.rawMessage, text);
        assert.deepEqual(error.details[0], { type: "a.B", value: bytes });
        assert.equal(error.findDetails(StatusSchema)[0]?.message, text);
        assert.deepEqual([...error.metadata], [["x-a", "1"]]);
      },
    ),
  );
});

test("an error without a message or details has fields for neither", () => {
  assert.deepEqual(written(new RpcError(Code.Aborted, "")), ["grpc-status", "10"]);
});

test("a status of 0 is no error, and none is absent", () => {
  assert.equal(readStatus(["grpc-status", "0", "grpc-message", "fine"]), undefined);
  assert.equal(readStatus(["x-a", "1"]), "absent");
});

test("a status that is no code is UNKNOWN, and says what it was", () => {
  for (const status of ["17", "-1", "999", "00", "", "OK", "1.5", "1e1", "0x1"]) {
    const error = read("grpc-status", status, "grpc-message", "why");
    assert.equal(error.code, Code.Unknown, status);
    assert.equal(error.rawMessage, `why (the server sent grpc-status "${status}")`);
  }
});

test("broken details and broken messages do not hide the error", () => {
  for (const details of ["%%%", "//8", ""]) {
    const error = read("grpc-status", "5", "grpc-message", "100%", "grpc-status-details-bin", details);
    assert.equal(error.code, Code.NotFound);
    assert.equal(error.rawMessage, "100%");
    assert.deepEqual(error.details, []);
  }
});

test("any trailers at all can be read", () => {
  const names = fc.constantFrom("grpc-status", "grpc-message", "grpc-status-details-bin", "x", "");
  fc.assert(
    fc.property(fc.array(fc.tuple(names, fc.string({ unit: "binary" }))), (fields) => {
      const status = readStatus(fields.flat());
      assert.ok(status === "absent" || status === undefined || status instanceof RpcError);
    }),
  );
});

test("the statuses of HTTP become the codes of http-grpc-status-mapping.md", () => {
  const expected = { 400: 13, 401: 16, 403: 7, 404: 12, 429: 14, 502: 14, 503: 14, 504: 14, 500: 2, 200: 2, 418: 2 };
  for (const [status, code] of Object.entries(expected)) assert.equal(codeOfHttpStatus(Number(status)), code, status);
});
