import assert from "node:assert/strict";
import { test } from "node:test";
import { fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, file_google_protobuf_struct } from "@bufbuild/protobuf/wkt";
import { collect, failure } from "../../test/calls/harness.js";
import { Echo } from "../../test/gen/kinds/echo_pb.js";
import { file_kinds_kinds_editions } from "../../test/gen/kinds/kinds_editions_pb.js";
import { file_kinds_kinds_proto2 } from "../../test/gen/kinds/kinds_proto2_pb.js";
import { type Client, Code, createClient, createServer } from "../index.js";
import { inMemory } from "../testing.js";
import { createHealth, Health } from "./health.js";
import { addReflection, ServerReflection, ServerReflectionV1alpha } from "./reflection.js";
import { ReflectionIndex } from "./reflection-index.js";

type Asked = Parameters<Client<typeof ServerReflection>["serverReflectionInfo"]>[0] extends Iterable<infer M> | infer _
  ? M
  : never;
type Question = NonNullable<Extract<Asked, { messageRequest?: unknown }>["messageRequest"]>;

function serve() {
  const server = createServer();
  addReflection(server, { files: [file_kinds_kinds_proto2, file_kinds_kinds_editions] });
  server.service(Echo, {});
  const transport = inMemory(server);
  return {
    server,
    v1: createClient(ServerReflection, transport),
    v1alpha: createClient(ServerReflectionV1alpha, transport),
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  };
}

async function ask(messageRequest: Question) {
  await using served = serve();
  const [response] = await collect(served.v1.serverReflectionInfo([{ host: "here", messageRequest }]));
  assert.equal(response?.validHost, "here");
  assert.equal(response.originalRequest?.messageRequest.case, messageRequest.case);
  return response.messageResponse;
}

/** The paths of the files that answer a question. */
async function pathsFor(question: Question): Promise<string[]> {
  const answer = await ask(question);
  assert.ok(answer.case === "fileDescriptorResponse", `the answer is ${answer.case}`);
  return answer.value.fileDescriptorProto.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes).name);
}

test("all services of the server are listed, those that were added later and reflection itself too", async () => {
  const answer = await ask({ case: "listServices", value: "" });
  assert.ok(answer.case === "listServicesResponse");
  assert.deepEqual(
    answer.value.service.map(({ name }) => name),
    ["grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection", "kinds.Echo"],
  );
});

test("a service that is added after somebody has asked is known to the next", async () => {
  await using served = serve();
  const ask = async () => {
    const messageRequest = { case: "fileContainingSymbol" as const, value: Health.typeName };
    const [answer] = await collect(served.v1.serverReflectionInfo([{ messageRequest }]));
    return answer?.messageResponse.case;
  };
  assert.equal(await ask(), "errorResponse");
  served.server.service(Health, createHealth().handlers);
  assert.equal(await ask(), "fileDescriptorResponse");
});

for (const [what, symbol, path] of [
  ["a service", "kinds.Echo", "kinds/echo.proto"],
  ["a method", "kinds.Echo.Unary", "kinds/echo.proto"],
  ["a message", "kinds.Ping", "kinds/echo.proto"],
  ["a field", "kinds.Ping.number", "kinds/echo.proto"],
  ["a message in a message", "kinds.proto2.Legacy.Inner", "kinds/kinds_proto2.proto"],
  ["an enum", "kinds.proto2.Closed", "kinds/kinds_proto2.proto"],
  ["an enum's value, which is named beside it", "kinds.proto2.CLOSED_FIRST", "kinds/kinds_proto2.proto"],
  ["an enum in a message", "grpc.health.v1.HealthCheckResponse.ServingStatus", "grpc/health/v1/health.proto"],
  ["an extension", "kinds.proto2.note", "kinds/kinds_proto2.proto"],
] as const) {
  test(`${what} leads to its file`, async () => {
    const index = new ReflectionIndex([Echo.file, Health.file, file_kinds_kinds_proto2]);
    assert.equal(index.fileOfSymbol(symbol)?.proto.name, path);
  });
}

test("a file comes with all that it imports, as it was compiled", async () => {
  const paths = await pathsFor({ case: "fileByFilename", value: "kinds/kinds_editions.proto" });
  assert.deepEqual(paths, ["kinds/kinds_editions.proto", "google/protobuf/struct.proto"]);
  const answer = await ask({ case: "fileByFilename", value: "google/protobuf/struct.proto" });
  assert.ok(answer.case === "fileDescriptorResponse");
  const [bytes = new Uint8Array()] = answer.value.fileDescriptorProto;
  const [message] = fromBinary(FileDescriptorProtoSchema, bytes).messageType;
  assert.deepEqual(message, file_google_protobuf_struct.proto.messageType[0]);
});

test("extensions are found by the message that they extend, and their number", async () => {
  const containingType = "kinds.proto2.Legacy";
  const [path] = await pathsFor({ case: "fileContainingExtension", value: { containingType, extensionNumber: 101 } });
  assert.equal(path, "kinds/kinds_proto2.proto");
  const answer = await ask({ case: "allExtensionNumbersOfType", value: containingType });
  assert.ok(answer.case === "allExtensionNumbersResponse");
  assert.equal(answer.value.baseTypeName, containingType);
  assert.deepEqual(answer.value.extensionNumber, [100, 101]);
  const none = await ask({ case: "allExtensionNumbersOfType", value: "kinds.Ping" });
  assert.deepEqual(none.case === "allExtensionNumbersResponse" && none.value.extensionNumber, []);
});

for (const [what, question] of [
  ["file", { case: "fileByFilename", value: "kinds/none.proto" }],
  ["symbol", { case: "fileContainingSymbol", value: "kinds.None" }],
  ["leading dot", { case: "fileContainingSymbol", value: ".kinds.Echo" }],
  ["extension", { case: "fileContainingExtension", value: { containingType: "kinds.Ping", extensionNumber: 1 } }],
  ["message's extensions", { case: "allExtensionNumbersOfType", value: "kinds.None" }],
] as const) {
  test(`an unknown ${what} is answered with NOT_FOUND, and the stream goes on`, async () => {
    const answer = await ask(question);
    assert.equal(answer.case === "errorResponse" && answer.value.errorCode, Code.NotFound);
  });
}

test("questions of one stream are answered in their order", async () => {
  await using served = serve();
  const values = ["kinds.Echo", "kinds.None", "kinds.Ping"];
  const questions = values.map((value) => ({ messageRequest: { case: "fileContainingSymbol" as const, value } }));
  const answers = await collect(served.v1.serverReflectionInfo(questions));
  assert.deepEqual(
    answers.map(({ messageResponse }) => messageResponse.case),
    ["fileDescriptorResponse", "errorResponse", "fileDescriptorResponse"],
  );
});

test("a request that asks for nothing is INVALID_ARGUMENT", async () => {
  await using served = serve();
  await failure(collect(served.v1.serverReflectionInfo([{}])), Code.InvalidArgument);
});

test("v1alpha says what v1 says", async () => {
  await using served = serve();
  const questions = [
    { host: "here", messageRequest: { case: "listServices" as const, value: "*" } },
    { messageRequest: { case: "fileByFilename" as const, value: "kinds/echo.proto" } },
    { messageRequest: { case: "fileByFilename" as const, value: "none" } },
  ];
  const [now, before] = await Promise.all([
    collect(served.v1.serverReflectionInfo(questions)),
    collect(served.v1alpha.serverReflectionInfo(questions)),
  ]);
  const plain = (value: unknown) => JSON.stringify(value).replaceAll("v1alpha", "v1");
  assert.equal(before[0]?.messageResponse.value?.$typeName, "grpc.reflection.v1alpha.ListServiceResponse");
  assert.equal(plain(before), plain(now));
});
