import { Code } from "../call/code.js";
import { RpcError } from "../call/rpc-error.js";
import type { Compression } from "../envelope/compression.js";
import type { Exchange, Fields, HeaderBlock } from "../exchange.js";
import { fieldValue } from "../fields.js";
import { contentTypeOf, type Format } from "./content-type.js";
import { appendMetadata } from "./metadata.js";
import { acceptedEncodings, compressionFor } from "./negotiate.js";
import type { RequestHead, ResponseEnd, ServerProtocol } from "./protocol.js";
import { appendStatus } from "./status.js";
import { parseTimeout } from "./timeout.js";

/** The trailers of a call that ended well and added nothing. */
const OK: HeaderBlock = { fields: ["grpc-status", "0"] };

const PLAIN: RequestHead = { timeoutMs: undefined, compression: undefined };

/** gRPC over HTTP/2 on the server's side. Source: PROTOCOL-HTTP2.md. */
export const grpc: ServerProtocol = {
  name: "grpc",
  endFlag: 0,

  readHead(fields: Fields, compressions: readonly Compression[]): RequestHead | RpcError {
    const timeout = fieldValue(fields, "grpc-timeout");
    const encoding = fieldValue(fields, "grpc-encoding");
    if (timeout === undefined && encoding === undefined) return PLAIN;
    const timeoutMs = timeout === undefined ? undefined : parseTimeout(timeout);
    if (timeout !== undefined && timeoutMs === undefined) {
      const expected = "expected up to eight digits and one of the units H, M, S, m, u, n";
      return new RpcError(Code.InvalidArgument, `grpc-timeout "${timeout}" is malformed: ${expected}`);
    }
    const compression = compressionFor(encoding, compressions);
    return compression instanceof RpcError ? compression : { timeoutMs, compression };
  },

  head(format: Format, compressions: readonly Compression[], sent: Compression | undefined): HeaderBlock {
    const fields = ["content-type", contentTypeOf(format)];
    if (compressions.length > 0) fields.push("grpc-accept-encoding", acceptedEncodings(compressions));
    if (sent !== undefined) fields.push("grpc-encoding", sent.name);
    return { fields };
  },

  headWith(block: HeaderBlock, added: Headers): HeaderBlock {
    const fields = [...block.fields];
    appendMetadata(fields, added);
    return { fields };
  },

  end(exchange: Exchange, response: ResponseEnd, error: RpcError | undefined): void {
    if (error === undefined && response.headSent && response.addedTrailer === undefined) {
      exchange.end(OK);
      return;
    }
    const { format, compressions, addedHeader, addedTrailer } = response;
    const status: string[] = [];
    if (error === undefined) status.push("grpc-status", "0");
    else appendStatus(status, error);
    if (addedTrailer !== undefined) appendMetadata(status, addedTrailer);
    if (response.headSent) {
      exchange.end({ fields: status });
    } else if (addedHeader !== undefined) {
      // In one block, clients could not tell these fields from trailers.
      exchange.head(grpc.headWith(grpc.head(format, compressions, undefined), addedHeader));
      exchange.end({ fields: status });
    } else {
      exchange.end({ fields: [...grpc.head(format, compressions, undefined).fields, ...status] });
    }
  },
};
