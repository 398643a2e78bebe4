import type { RpcError } from "../call/rpc-error.js";
import type { Exchange } from "../exchange.js";
import { grpcHead, statusFields, withMetadata } from "./grpc.js";
import { readGrpcHead } from "./grpc-head.js";
import type { ResponseEnd, ServerProtocol } from "./protocol.js";
import { TextExchange } from "./text-exchange.js";
import { encodeWebTrailers } from "./web-trailers.js";

const OK = encodeWebTrailers(["grpc-status", "0"]);

/** gRPC-Web on the server's side: gRPC with its trailers in the body, so that browsers can read them. Source: PROTOCOL-WEB.md. */
export const grpcWeb: ServerProtocol = {
  name: "grpc-web",
  dialect: "grpc-web",
  readHead: readGrpcHead,
  adapt: undefined,
  head: (format, compressions, sent) => grpcHead(format, compressions, sent, "grpc-web"),
  headWith: withMetadata,
  end: (exchange, response, error) => end(grpcWeb, exchange, response, error),
};

/** The same in base64, for clients that cannot stream bytes. */
export const grpcWebText: ServerProtocol = {
  ...grpcWeb,
  dialect: "grpc-web-text",
  adapt: (exchange) => new TextExchange(exchange),
  head: (format, compressions, sent) => grpcHead(format, compressions, sent, "grpc-web-text"),
  end: (exchange, response, error) => end(grpcWebText, exchange, response, error),
};

function end(protocol: ServerProtocol, exchange: Exchange, response: ResponseEnd, error: RpcError | undefined): void {
  const { format, compressions, addedHeader, addedTrailer, headSent } = response;
  const isPlain = error === undefined && addedTrailer === undefined;
  // Before the head: an error's details may not fit their schemas.
  const trailers = isPlain ? OK : encodeWebTrailers(statusFields(response, error));
  if (!headSent) {
    const block = protocol.head(format, compressions, undefined);
    exchange.head(addedHeader === undefined ? block : withMetadata(block, addedHeader));
  }
  exchange.write(trailers, 0, trailers.length);
  exchange.end();
}
