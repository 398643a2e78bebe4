/** grpc-js, which knows nothing of the contract, asks the server for it and then calls it. */
import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import {
  type Client,
  type ClientDuplexStream,
  credentials,
  loadPackageDefinition,
  type ServiceClientConstructor,
} from "@grpc/grpc-js";
import { loadFileDescriptorSetFromBuffer, loadSync } from "@grpc/proto-loader";
import { PLACES, serveCommand } from "../command.js";

type Question = Readonly<Record<string, unknown>>;
interface Answer {
  readonly messageResponse: string;
  readonly fileDescriptorResponse?: { readonly fileDescriptorProto: Buffer[] };
  readonly listServicesResponse?: { readonly service: { readonly name: string }[] };
  readonly errorResponse?: { readonly errorCode: number };
}

const PROTOS = fileURLToPath(new URL("../../../../grpc/proto", import.meta.url));

/** The field `file` of google.protobuf.FileDescriptorSet. */
const FILE_TAG = (1 << 3) | 2;

for (const version of ["v1", "v1alpha"]) {
  suite(`grpc-js asks for the contract by reflection ${version}`, () => {
    let server: Awaited<ReturnType<typeof serveCommand>>;
    let client: Client & { serverReflectionInfo(): ClientDuplexStream<Question, Answer> };
    before(async () => {
      server = await serveCommand(["--places", PLACES]);
      const proto = loadSync(`grpc/reflection/${version}/reflection.proto`, { includeDirs: [PROTOS], oneofs: true });
      const { ServerReflection } = packageIn(loadPackageDefinition(proto), "grpc", "reflection", version);
      assert.ok(ServerReflection !== undefined);
      client = new ServerReflection(server.address, credentials.createInsecure()) as unknown as typeof client;
    });
    after(async () => {
      client.close();
      await server[Symbol.asyncDispose]();
    });

    async function ask(...questions: Question[]): Promise<Answer[]> {
      const stream = client.serverReflectionInfo();
      for (const question of questions) stream.write(question);
      stream.end();
      const answers: Answer[] = [];
      for await (const answer of stream) answers.push(answer);
      return answers;
    }

    test("lists the services", async () => {
      const [answer] = await ask({ listServices: "" });
      const names = answer?.listServicesResponse?.service.map(({ name }) => name) ?? [];
      for (const name of ["routeguide.RouteGuide", "grpc.health.v1.Health"]) assert.ok(names.includes(name), name);
    });

    test("calls what it was told of", async () => {
      const [answer] = await ask({ fileContainingSymbol: "routeguide.RouteGuide.GetFeature" });
      const files = answer?.fileDescriptorResponse?.fileDescriptorProto ?? [];
      const set = Buffer.concat(files.flatMap((file) => [Buffer.of(FILE_TAG, ...varint(file.length)), file]));
      const definition = loadPackageDefinition(loadFileDescriptorSetFromBuffer(set, { defaults: true }));
      const { RouteGuide } = packageIn(definition, "routeguide");
      assert.ok(RouteGuide !== undefined);
      const guide = new RouteGuide(server.address, credentials.createInsecure());
      const getFeature = guide["getFeature"];
      assert.ok(typeof getFeature === "function");
      const { name } = await new Promise<{ name: string }>((resolve, reject) => {
        getFeature.call(guide, { latitude: 400_000_000, longitude: -750_000_000 }, (error: unknown, value: never) =>
          value === undefined ? reject(error) : resolve(value),
        );
      });
      assert.equal(name, "On the corner");
      guide.close();
    });

    test("is told what is not there, and asks on", async () => {
      const answers = await ask({ fileByFilename: "none.proto" }, { listServices: "" });
      assert.deepEqual(
        answers.map(({ messageResponse }) => messageResponse),
        ["errorResponse", "listServicesResponse"],
      );
      assert.equal(answers[0]?.errorResponse?.errorCode, 5);
    });
  });
}

type Definition = ReturnType<typeof loadPackageDefinition>;

/** The services of a package. */
function packageIn(definition: Definition, ...path: string[]): Record<string, ServiceClientConstructor | undefined> {
  let found: unknown = definition;
  for (const name of path) found = (found as Record<string, unknown>)[name];
  return found as Record<string, ServiceClientConstructor | undefined>;
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}
