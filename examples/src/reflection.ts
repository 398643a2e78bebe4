/**
 * Reflection: a client that has no .proto file asks the server what it serves, and calls it. This is how grpcurl works.
 *
 * Run it: npm run example -- reflection
 * You see:
 *
 *     services: grpc.reflection.v1.ServerReflection, grpc.reflection.v1alpha.ServerReflection, routeguide.RouteGuide
 *     methods: GetFeature, ListFeatures, RecordRoute, RouteChat
 *     GetFeature says: {"name":"Mount Kisco","location":{"latitude":412042600,"longitude":-737270800}}
 */
import { createFileRegistry, fromBinary, fromJson, type Message, toJsonString } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { createClient, createServer } from "@routeguide/grpc";
import { dial, listen } from "@routeguide/grpc/node";
import { addReflection, ServerReflection } from "@routeguide/grpc/reflection";
import { RouteGuide } from "routeguide";
import { MOUNT_KISCO, placeAt } from "./shared/places.js";

const server = createServer().service(RouteGuide, {
  getFeature: ({ latitude, longitude }) => placeAt(latitude, longitude),
});
addReflection(server);

await using listening = await listen(server, { port: 0 });
await using transport = dial(`http://${listening.address}`);
const reflection = createClient(ServerReflection, transport);

/** Asks one question: requests and responses are streams, so that a tool can ask many on one call. */
async function ask(question: { case: "listServices" | "fileContainingSymbol"; value: string }) {
  for await (const { messageResponse } of reflection.serverReflectionInfo([{ messageRequest: question }])) {
    return messageResponse;
  }
  throw new Error("the server did not answer");
}

const services = await ask({ case: "listServices", value: "" });
if (services.case !== "listServicesResponse") throw new Error("not a list of services");
console.log(`services: ${services.value.service.map(({ name }) => name).join(", ")}`);

const files = await ask({ case: "fileContainingSymbol", value: "routeguide.RouteGuide" });
if (files.case !== "fileDescriptorResponse") throw new Error("not a file");
const file = files.value.fileDescriptorProto.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes));
const registry = createFileRegistry({ $typeName: FileDescriptorSetSchema.typeName, file });
const guide = registry.getService("routeguide.RouteGuide");
if (guide === undefined) throw new Error("the file has no such service");
console.log(`methods: ${guide.methods.map(({ name }) => name).join(", ")}`);

// From here on everything is known only from what the server said.
const method = guide.method["getFeature"];
if (method === undefined) throw new Error("the service has no such method");
const client = createClient(guide, transport) as Record<string, (request: unknown) => Promise<Message>>;
const feature = await client[method.localName]?.(fromJson(method.input, MOUNT_KISCO));
if (feature !== undefined) console.log(`GetFeature says: ${toJsonString(method.output, feature)}`);
