import assert from "node:assert/strict";
import { test } from "node:test";
import { Code } from "../call/code.js";
import { RpcError } from "../call/rpc-error.js";
import { gzip } from "../envelope/node-zlib.js";
import { PREFIX_BYTES } from "../envelope/prefix.js";
import { fieldValue } from "../fields.js";
import type { ClientProtocol, RequestOptions } from "./client-protocol.js";
import { clientProtocol } from "./client-select.js";
import { connectClient } from "./connect-client.js";
import { encodeConnectEnd } from "./connect-end.js";
import { connectUnaryClient } from "./connect-unary-client.js";
import { grpcWebClient } from "./grpc-web-client.js";
import { encodeWebTrailers } from "./web-trailers.js";

const FULL: RequestOptions = {
  format: "json",
  compressions: [gzip],
  compression: gzip,
  timeoutMs: 250,
  metadata: new Headers({ "x-a": "1", "user-agent": "mine" }),
  previousAttempts: 1,
};

function codeOf(protocol: ClientProtocol, status: number, ...fields: string[]): Code | undefined {
  const head = protocol.readHead(status, fields, { format: "proto", compressions: [gzip] });
  return head instanceof RpcError ? head.code : undefined;
}

test("a transport's name and a method's kind choose the protocol", () => {
  assert.equal(clientProtocol("grpc-web", true), grpcWebClient);
  assert.equal(clientProtocol("connect", true), connectUnaryClient);
  assert.equal(clientProtocol("connect", false), connectClient);
  assert.throws(() => clientProtocol("soap", true), /expected grpc, grpc-web or connect/);
});

test("each protocol says timeout, format and compression in fields of its own", () => {
  const said = (protocol: ClientProtocol, ...names: string[]) => {
    const { fields } = protocol.requestHead(FULL);
    return names.map((name) => fieldValue(fields, name));
  };
  assert.deepEqual(said(grpcWebClient, "content-type", "grpc-timeout", "grpc-encoding", "x-a"), [
    "application/grpc-web+json",
    "250000u",
    "gzip",
    "1",
  ]);
  assert.deepEqual(said(connectClient, "content-type", "connect-timeout-ms", "connect-content-encoding", "x-a"), [
    "application/connect+json",
    "250",
    "gzip",
    "1",
  ]);
  // What a unary message is compressed with is said where it is known whether it is.
  assert.deepEqual(said(connectUnaryClient, "content-type", "accept-encoding", "content-encoding", "x-a"), [
    "application/json",
    "identity, gzip",
    undefined,
    "1",
  ]);
});

test("a response in another format is INTERNAL, one that is none of the protocol's UNKNOWN", () => {
  const types: [ClientProtocol, string][] = [
    [grpcWebClient, "application/grpc-web"],
    [connectClient, "application/connect"],
  ];
  for (const [protocol, type] of types) {
    assert.equal(codeOf(protocol, 200, "content-type", `${type}+proto`), undefined);
    assert.equal(codeOf(protocol, 200, "content-type", `${type}+json`), Code.Internal);
    assert.equal(codeOf(protocol, 200, "content-type", "text/html"), Code.Unknown);
    assert.equal(codeOf(protocol, 503, "content-type", "text/html"), Code.Unavailable);
  }
  assert.equal(codeOf(connectUnaryClient, 200, "content-type", "application/proto"), undefined);
  assert.equal(codeOf(connectUnaryClient, 200, "content-type", "application/json"), Code.Internal);
  assert.equal(codeOf(connectUnaryClient, 404, "content-type", "text/html"), Code.Unimplemented);
  // The body says what it means.
  assert.equal(codeOf(connectUnaryClient, 404, "content-type", "application/json; charset=utf-8"), undefined);
});

test("gRPC-Web's trailers are in the last envelope, or in the head of a response without a body", () => {
  const inBody = encodeWebTrailers(["grpc-status", "5", "x-b", "2"]).subarray(PREFIX_BYTES);
  const end = grpcWebClient.readEnd([], [], inBody);
  assert.deepEqual([end.error?.code, fieldValue(end.trailers, "x-b")], [Code.NotFound, "2"]);
  assert.equal(grpcWebClient.readEnd(["grpc-status", "7"], [], undefined).error?.code, Code.PermissionDenied);
  assert.equal(grpcWebClient.readEnd([], ["grpc-status", "0"], undefined).error?.code, Code.Internal);
  assert.equal(grpcWebClient.readEnd([], [], Uint8Array.of(1, 2)).error?.code, Code.Internal);
});

test("a Connect stream ends with its last envelope, and not without", () => {
  const error = new RpcError(Code.Aborted, "again", { metadata: { "x-b": "2" } });
  const end = connectClient.readEnd([], [], encodeConnectEnd(error));
  assert.deepEqual(
    [end.error?.code, end.error?.rawMessage, fieldValue(end.trailers, "x-b")],
    [Code.Aborted, "again", "2"],
  );
  assert.equal(connectClient.readEnd([], [], encodeConnectEnd(undefined)).error, undefined);
  assert.equal(connectClient.readEnd([], [], undefined).error?.code, Code.Internal);
  assert.equal(connectClient.readEnd([], [], Uint8Array.of(1)).error?.code, Code.Unknown);
});
