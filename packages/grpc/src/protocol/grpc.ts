import type { RpcError } from "../call/rpc-error.js";
import type { Compression } from "../envelope/compression.js";
import type { Exchange, Fields, HeaderBlock } from "../exchange.js";
import { contentTypeOf, type Dialect, type Format } from "./content-type.js";
import { readGrpcHead } from "./grpc-head.js";
import { isTooLarge, shortStatus } from "./header-list.js";
import { appendMetadata } from "./metadata.js";
import { acceptedEncodings } from "./negotiate.js";
import type { ResponseEnd, ServerProtocol } from "./protocol.js";
import { appendStatus } from "./status.js";

/** The trailers of a call that ended well and added nothing. */
const OK: HeaderBlock = { fields: ["grpc-status", "0"] };

/** gRPC over HTTP/2 on the server's side. Source: PROTOCOL-HTTP2.md. */
export const grpc: ServerProtocol = {
  name: "grpc",
  dialect: "grpc",
  readHead: readGrpcHead,
  adapt: undefined,
  head: (format, compressions, sent) => grpcHead(format, compressions, sent, "grpc"),
  headWith: withMetadata,

  end(exchange: Exchange, response: ResponseEnd, error: RpcError | undefined): void {
    if (error === undefined && response.headSent && response.addedTrailer === undefined) {
      exchange.end(OK);
      return;
    }
    const { format, compressions, addedHeader } = response;
    let before: Fields = [];
    if (!response.headSent) {
      const head = grpc.head(format, compressions, undefined);
      // In one block, clients could not tell the handler's fields from trailers.
      if (addedHeader === undefined) before = head.fields;
      else exchange.head(withMetadata(head, addedHeader));
    }
    const fields = [...before, ...statusFields(response, error)];
    exchange.end({ fields: isTooLarge(exchange, fields) ? [...before, ...shortStatus(error)] : fields });
  },
};

/** The head of a response of gRPC and its dialects. */
export function grpcHead(
  format: Format,
  compressions: readonly Compression[],
  sent: Compression | undefined,
  dialect: Dialect,
): HeaderBlock {
  const fields = ["content-type", contentTypeOf(format, dialect)];
  if (compressions.length > 0) fields.push("grpc-accept-encoding", acceptedEncodings(compressions));
  if (sent !== undefined) fields.push("grpc-encoding", sent.name);
  return { fields };
}

/** A head with fields of the handler's. */
export function withMetadata(block: HeaderBlock, added: Headers): HeaderBlock {
  const fields = [...block.fields];
  appendMetadata(fields, added);
  return { fields };
}

/** What the trailers say. */
export function statusFields({ addedTrailer }: ResponseEnd, error: RpcError | undefined): string[] {
  const fields: string[] = [];
  if (error === undefined) fields.push("grpc-status", "0");
  else appendStatus(fields, error);
  if (addedTrailer !== undefined) appendMetadata(fields, addedTrailer);
  return fields;
}
