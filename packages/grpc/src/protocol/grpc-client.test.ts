import assert from "node:assert/strict";
import { test } from "node:test";
import { Code } from "../call/code.js";
import { RpcError } from "../call/rpc-error.js";
import { deflate, gzip } from "../envelope/node-zlib.js";
import { fieldValue } from "../fields.js";
import { grpcClient } from "./grpc-client.js";
import { wrongMetadata } from "./metadata.js";

const PLAIN = {
  format: "proto",
  compressions: [],
  compression: undefined,
  timeoutMs: undefined,
  metadata: undefined,
  previousAttempts: 0,
} as const;

function codeOf(status: number, ...fields: string[]): Code | undefined {
  const head = grpcClient.readHead(status, fields, { compressions: [gzip], format: "proto" });
  return head instanceof RpcError ? head.code : undefined;
}

test("a request's head says what the call needs, and no more", () => {
  const { fields } = grpcClient.requestHead(PLAIN);
  assert.deepEqual(fields.slice(0, 4), ["te", "trailers", "content-type", "application/grpc"]);
  assert.equal(fieldValue(fields, "grpc-timeout"), undefined);
  assert.equal(fieldValue(fields, "grpc-encoding"), undefined);
  const full = grpcClient.requestHead({
    ...PLAIN,
    format: "json",
    compressions: [gzip, deflate],
    compression: gzip,
    timeoutMs: 250,
  });
  assert.equal(fieldValue(full.fields, "content-type"), "application/grpc+json");
  assert.equal(fieldValue(full.fields, "grpc-accept-encoding"), "identity, gzip, deflate");
  assert.equal(fieldValue(full.fields, "grpc-encoding"), "gzip");
  assert.equal(fieldValue(full.fields, "grpc-timeout"), "250000u");
});

test("a reserved name in metadata is wrong, a user agent is not; binary values are base64", () => {
  assert.equal(wrongMetadata(new Headers({ "x-a": "1", "user-agent": "me" })), undefined);
  assert.match(wrongMetadata(new Headers({ "x-a": "1", "grpc-b": "2" })) ?? "", /^the metadata name "grpc-b" is the/);
  for (const value of ["", "AQ", "AQ==", "AQ, AgM=,BA"])
    assert.equal(wrongMetadata(new Headers({ "x-bin": value })), undefined);
  for (const value of ["%", "a b", "AQ===", "A-Q_"])
    assert.match(wrongMetadata(new Headers({ "x-bin": value })) ?? "", /base64/);
});

test("a response's head is gRPC's, or says what it is instead", () => {
  assert.equal(codeOf(200, "content-type", "application/grpc"), undefined);
  assert.equal(codeOf(200, "content-type", "application/grpc+proto"), undefined);
  assert.equal(codeOf(200, "content-type", "application/grpc+json"), Code.Internal);
  assert.equal(codeOf(200, "content-type", "application/grpc+json", "grpc-status", "0"), undefined);
  assert.equal(codeOf(200, "content-type", "text/html"), Code.Unknown);
  assert.equal(codeOf(200), Code.Unknown);
  assert.equal(codeOf(503, "content-type", "text/html"), Code.Unavailable);
  assert.equal(codeOf(404), Code.Unimplemented);
  assert.equal(codeOf(500, "grpc-status", "5"), Code.NotFound);
});

test("a compression that was not offered is INTERNAL", () => {
  const type = ["content-type", "application/grpc"];
  assert.equal(codeOf(200, ...type, "grpc-encoding", "gzip"), undefined);
  assert.equal(codeOf(200, ...type, "grpc-encoding", "br"), Code.Internal);
});

test("an end without a status is INTERNAL", () => {
  const endOf = (...trailers: string[]) => grpcClient.readEnd([], trailers, undefined).error?.code;
  assert.equal(endOf("grpc-status", "0"), undefined);
  assert.equal(endOf(), Code.Internal);
  assert.equal(endOf("grpc-status", "5"), Code.NotFound);
});
