import type { RpcError } from "../call/rpc-error.js";
import { envelopeOf } from "../envelope/prefix.js";
import type { Exchange } from "../exchange.js";
import { readConnectHead } from "./connect-head.js";
import { appendPrefixedTrailers } from "./connect-trailers.js";
import { errorAnswer } from "./connect-unary-error.js";
import { contentTypeOf } from "./content-type.js";
import { withMetadata } from "./grpc.js";
import { appendMetadata } from "./metadata.js";
import { acceptedEncodings } from "./negotiate.js";
import type { ResponseEnd, ServerProtocol } from "./protocol.js";
import { UnaryExchange } from "./unary-exchange.js";

/** Connect's form for unary calls, on the server's side: plain HTTP. Source: connectrpc.com/docs/protocol, "Unary RPCs". */
export const connectUnary: ServerProtocol = {
  name: "connect",
  dialect: "connect-unary",
  readHead: (fields, compressions) => readConnectHead(fields, compressions, ""),
  adapt: (exchange, options) => new UnaryExchange(exchange, options),

  /** {@link UnaryExchange} drops the encoding again, if the message was not compressed. */
  head(format, compressions, sent) {
    const fields = ["content-type", contentTypeOf(format, "connect-unary")];
    if (compressions.length > 0)
      fields.push("accept-encoding", acceptedEncodings(compressions), "vary", "accept-encoding");
    if (sent !== undefined) fields.push("content-encoding", sent.name);
    return { fields };
  },

  headWith: withMetadata,

  end(exchange: Exchange, response: ResponseEnd, error: RpcError | undefined): void {
    const trailers: string[] = [];
    if (response.addedTrailer !== undefined) appendPrefixedTrailers(trailers, response.addedTrailer);
    if (error !== undefined) {
      const { status, block, bytes } = errorAnswer(error, response.registry);
      const body = envelopeOf(0, bytes);
      const fields = [...block.fields];
      if (response.addedHeader !== undefined) appendMetadata(fields, response.addedHeader);
      if (error.hasMetadata) appendMetadata(fields, error.metadata);
      exchange.head({ fields }, status);
      exchange.write(body, 0, body.length);
    }
    exchange.end({ fields: trailers });
  },
};
