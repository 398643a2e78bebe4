import type { RpcError } from "../call/rpc-error.js";
import { envelopeOf } from "../envelope/prefix.js";
import type { Exchange } from "../exchange.js";
import { CONNECT_END, encodeConnectEnd } from "./connect-end.js";
import { readConnectHead } from "./connect-head.js";
import { contentTypeOf } from "./content-type.js";
import { withMetadata } from "./grpc.js";
import { acceptedEncodings } from "./negotiate.js";
import type { ResponseEnd, ServerProtocol } from "./protocol.js";

/** Connect's form for streams, on the server's side. Source: connectrpc.com/docs/protocol, "Streaming RPCs". */
export const connectStream: ServerProtocol = {
  name: "connect",
  dialect: "connect",
  readHead: (fields, compressions) => readConnectHead(fields, compressions, "connect-"),
  adapt: undefined,

  head(format, compressions, sent) {
    const fields = ["content-type", contentTypeOf(format, "connect")];
    if (compressions.length > 0) fields.push("connect-accept-encoding", acceptedEncodings(compressions));
    if (sent !== undefined) fields.push("connect-content-encoding", sent.name);
    return { fields };
  },

  headWith: withMetadata,

  /** The status is 200 whatever the end is: the head has left long before. */
  end(exchange: Exchange, response: ResponseEnd, error: RpcError | undefined): void {
    const { format, compressions, addedHeader, addedTrailer, headSent, registry } = response;
    const end = envelopeOf(CONNECT_END, encodeConnectEnd(error, addedTrailer, registry));
    if (!headSent) {
      const block = connectStream.head(format, compressions, undefined);
      exchange.head(addedHeader === undefined ? block : withMetadata(block, addedHeader));
    }
    exchange.write(end, 0, end.length);
    exchange.end();
  },
};
