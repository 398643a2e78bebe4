/** What a server serves, for tools such as grpcurl: gRPC's server reflection, v1 and v1alpha. */
import type { DescFile, MessageInitShape } from "@bufbuild/protobuf";
import { Code } from "../call/code.js";
import type { Requests } from "../call/incoming.js";
import { RpcError } from "../call/rpc-error.js";
import {
  ServerReflection,
  type ServerReflectionRequest,
  type ServerReflectionResponseSchema,
} from "../gen/grpc/reflection/v1/reflection_pb.js";
import { ServerReflection as ServerReflectionV1alpha } from "../gen/grpc/reflection/v1alpha/reflection_pb.js";
import { AN_OBJECT, checkArgument, checkOptions, type Expectations, listOf, withMethods } from "../options.js";
import type { ServiceImpl } from "../server/handler.js";
import type { Server } from "../server/server.js";
import { ReflectionIndex } from "./reflection-index.js";

export { ServerReflection, ServerReflectionV1alpha };

/** What is told beside what the server serves. */
export interface ReflectionOptions {
  /** Files beyond those of the server's services: messages inside a google.protobuf.Any, extensions. */
  readonly files?: readonly DescFile[];
}

type Response = MessageInitShape<typeof ServerReflectionResponseSchema>;
type Answer = NonNullable<Response["messageResponse"]>;

/**
 * Adds both versions of reflection to a server. They tell of all its services, also of those that are added later, and of
 * themselves.
 *
 * @throws {TypeError} for what is no server, and for an option that is none
 */
export function addReflection(server: Pick<Server, "service" | "services">, options: ReflectionOptions = {}): void {
  checkArgument("addReflection()", "server", server, withMethods("what createServer() gives", "service"));
  checkOptions("addReflection()", options, EXPECTED);
  const mirror = new Mirror(server, options.files ?? []);
  const handlers: ServiceImpl<typeof ServerReflection> = {
    serverReflectionInfo: (requests) => mirror.answerAll(requests),
  };
  server.service(ServerReflection, handlers);
  // The two versions differ in the package's name alone.
  server.service(ServerReflectionV1alpha, handlers as unknown as ServiceImpl<typeof ServerReflectionV1alpha>);
}

const EXPECTED: Expectations<ReflectionOptions> = {
  files: listOf(AN_OBJECT, "files, as protoc-gen-es generates them"),
};

class Mirror {
  readonly #server: Pick<Server, "services">;
  readonly #files: readonly DescFile[];
  #index: ReflectionIndex | undefined = undefined;
  #indexedServices = 0;

  constructor(server: Pick<Server, "services">, files: readonly DescFile[]) {
    this.#server = server;
    this.#files = files;
  }

  async *answerAll(requests: Requests<ServerReflectionRequest>): AsyncGenerator<Response> {
    for await (const request of requests) {
      yield {
        validHost: request.host,
        originalRequest: request,
        messageResponse: this.#answer(request.messageRequest),
      };
    }
  }

  #answer(asked: ServerReflectionRequest["messageRequest"]): Answer {
    switch (asked.case) {
      case "fileByFilename":
        return this.#describe(this.#known.fileByPath(asked.value), asked.value);
      case "fileContainingSymbol":
        return this.#describe(this.#known.fileOfSymbol(asked.value), asked.value);
      case "fileContainingExtension": {
        const { containingType, extensionNumber } = asked.value;
        const file = this.#known.fileOfExtension(containingType, extensionNumber);
        return this.#describe(file, `extension ${extensionNumber} of ${containingType}`);
      }
      case "allExtensionNumbersOfType": {
        const extensionNumber = this.#known.extensionNumbers(asked.value);
        if (extensionNumber === undefined) return notFound(asked.value);
        return { case: "allExtensionNumbersResponse", value: { baseTypeName: asked.value, extensionNumber } };
      }
      case "listServices": {
        const names = this.#server.services.map(({ typeName }) => typeName).sort();
        return { case: "listServicesResponse", value: { service: names.map((name) => ({ name })) } };
      }
      default:
        throw new RpcError(Code.InvalidArgument, "the request asks for nothing that this server knows");
    }
  }

  #describe(file: DescFile | undefined, asked: string): Answer {
    if (file === undefined) return notFound(asked);
    return { case: "fileDescriptorResponse", value: { fileDescriptorProto: [...this.#known.encoded(file)] } };
  }

  /** Services are only ever added. */
  get #known(): ReflectionIndex {
    const { services } = this.#server;
    if (this.#index === undefined || this.#indexedServices !== services.length) {
      this.#indexedServices = services.length;
      this.#index = new ReflectionIndex([...services.map(({ file }) => file), ...this.#files]);
    }
    return this.#index;
  }
}

function notFound(asked: string): Answer {
  return { case: "errorResponse", value: { errorCode: Code.NotFound, errorMessage: `not found: ${asked}` } };
}
