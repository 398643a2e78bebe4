import { fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Code, codeName, RpcError } from "@routeguide/grpc";
import { ServerReflection, ServerReflectionV1alpha } from "@routeguide/grpc/reflection";
import { Miss } from "../../src/check/miss.js";
import type { Step } from "../../src/check/step.js";
import type { Traveller } from "../../src/check/traveller.js";

const AT = { file: "server.ts", line: /addReflection|reflection|Step 16:/ };
const SERVICE = "routeguide.RouteGuide";
/** The two versions differ in the package's name alone. */
const V1ALPHA = ServerReflectionV1alpha as unknown as typeof ServerReflection;

export const step: Step = {
  title: "Look inside: reflection, and other clients",
  minutes: 8,
  files: ["server.ts"],
  needs: "programs",
  checks: [
    {
      title: "the server tells which services it has",
      async run(lab) {
        const services = await listServices(await lab.traveller());
        if (services.includes(SERVICE)) return;
        throw new Miss("Reflection does not tell of RouteGuide", {
          expected: SERVICE,
          seen: services.join(", "),
          at: AT,
        });
      },
    },
    {
      title: "it tells what can be asked, and with which messages",
      async run(lab) {
        const files = await describeService(await lab.traveller());
        const names = files.flatMap((bytes) => {
          const file = fromBinary(FileDescriptorProtoSchema, bytes);
          return [...file.messageType, ...file.service.flatMap(({ method }) => method)].map(({ name }) => name);
        });
        for (const name of ["GetFeature", "ListFeatures", "RecordRoute", "RouteChat", "Point", "Feature"]) {
          if (names.includes(name)) continue;
          throw new Miss(`Reflection does not describe ${name}`, { seen: names.join(", ") || "nothing", at: AT });
        }
      },
    },
    {
      title: "older tools are answered too, which speak v1alpha",
      async run(lab) {
        const services = await listServices(await lab.traveller(), V1ALPHA);
        if (services.includes(SERVICE)) return;
        throw new Miss("Reflection v1alpha does not tell of RouteGuide", { seen: services.join(", "), at: AT });
      },
    },
    {
      title: "RouteGuide itself answers as before",
      async run(lab) {
        const { client } = await lab.traveller();
        await client.getFeature({ latitude: 0, longitude: 0 });
      },
    },
  ],
};

/** @throws {Miss} if the server does not reflect */
async function listServices(ann: Traveller, reflection = ServerReflection): Promise<string[]> {
  const found = await ask(ann, { case: "listServices", value: "" }, reflection);
  if (found?.case !== "listServicesResponse") return [];
  return found.value.service.map(({ name }) => name);
}

async function describeService(ann: Traveller): Promise<Uint8Array[]> {
  const found = await ask(ann, { case: "fileContainingSymbol", value: SERVICE });
  return found?.case === "fileDescriptorResponse" ? found.value.fileDescriptorProto : [];
}

type Question = { case: "listServices" | "fileContainingSymbol"; value: string };

async function ask(ann: Traveller, question: Question, reflection = ServerReflection) {
  const requests = async function* () {
    yield { messageRequest: question };
  };
  try {
    for await (const { messageResponse } of ann.clientOf(reflection).serverReflectionInfo(requests()))
      return messageResponse;
  } catch (error) {
    if (!(error instanceof RpcError) || error.code !== Code.Unimplemented) throw error;
    throw new Miss("The server does not tell what it can do: there is no reflection", {
      expected: "addReflection(server), on the server that listens",
      seen: codeName(error.code),
      at: AT,
    });
  }
  return undefined;
}
