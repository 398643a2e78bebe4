import type { ClientProtocol } from "./client-protocol.js";
import { grpcClient } from "./grpc-client.js";

/** The protocol of a transport's name. */
export function clientProtocol(name: string, _isUnary: boolean): ClientProtocol {
  if (name === grpcClient.name) return grpcClient;
  throw new TypeError(`the transport speaks "${name}": expected grpc`);
}
