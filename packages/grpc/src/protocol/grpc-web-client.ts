import { Code } from "../call/code.js";
import { RpcError } from "../call/rpc-error.js";
import type { Fields, HeaderBlock } from "../exchange.js";
import { fieldValue } from "../fields.js";
import type { ClientProtocol, RequestOptions, ResponseOutcome } from "./client-protocol.js";
import { contentTypeOf } from "./content-type.js";
import { appendCallFields, errorOfTrailers, isGrpcOutcome, readGrpcHead } from "./grpc-client.js";
import { appendMetadata } from "./metadata.js";
import { USER_AGENT } from "./user-agent.js";
import { decodeWebTrailers, WEB_TRAILERS } from "./web-trailers.js";

/** gRPC-Web in its binary form on the client's side. Source: PROTOCOL-WEB.md. */
export const grpcWebClient: ClientProtocol = {
  name: "grpc-web",
  endFlag: WEB_TRAILERS,

  requestHead(options: RequestOptions): HeaderBlock {
    // The agent is under a name of its own, because browsers say theirs under the other one.
    const fields = ["content-type", contentTypeOf(options.format, "grpc-web"), "x-grpc-web", "1"];
    if (!options.metadata?.has("x-user-agent")) fields.push("x-user-agent", USER_AGENT);
    appendCallFields(fields, options);
    if (options.metadata !== undefined) appendMetadata(fields, options.metadata);
    return { fields };
  },

  readHead: (status, fields, options) => readGrpcHead(status, fields, options, "grpc-web"),
  isOutcome: isGrpcOutcome,

  readEnd(head: Fields, _trailers: Fields, endMessage: Uint8Array | undefined): ResponseOutcome {
    if (endMessage !== undefined) {
      const trailers = decodeWebTrailers(endMessage);
      if (trailers !== undefined) return { trailers, error: errorOfTrailers(trailers) };
      return { trailers: [], error: new RpcError(Code.Internal, "the trailers of the response cannot be read") };
    }
    // A response without a body has its status in the head.
    if (fieldValue(head, "grpc-status") !== undefined) return { trailers: head, error: errorOfTrailers(head) };
    return { trailers: [], error: new RpcError(Code.Internal, "the response ended without trailers") };
  },
};
