import type { ClientProtocol } from "./client-protocol.js";
import { connectClient } from "./connect-client.js";
import { connectUnaryClient } from "./connect-unary-client.js";
import { grpcClient } from "./grpc-client.js";
import { grpcWebClient } from "./grpc-web-client.js";

/**
 * The protocol of a method's calls.
 *
 * @param name `Transport.protocolName`
 * @throws {TypeError} if there is none of this name
 */
export function clientProtocol(name: string, isUnary: boolean): ClientProtocol {
  switch (name) {
    case grpcClient.name:
      return grpcClient;
    case grpcWebClient.name:
      return grpcWebClient;
    case connectClient.name:
      return isUnary ? connectUnaryClient : connectClient;
    default:
      throw new TypeError(`the transport speaks "${name}": expected grpc, grpc-web or connect`);
  }
}
