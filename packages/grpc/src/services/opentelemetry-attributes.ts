import type { Attributes } from "@opentelemetry/api";
import type { Call } from "../call/call.js";
import { Code } from "../call/code.js";
import type { Peer } from "../exchange.js";

/** A span's name: package.Service/Method. */
export const spanName = ({ method }: Call): string => `${method.parent.typeName}/${method.name}`;

const isConnect = ({ protocolName }: Call) => protocolName === "connect";

export function methodAttributes(call: Call): Attributes {
  return {
    "rpc.system": isConnect(call) ? "connect_rpc" : "grpc",
    "rpc.service": call.service.typeName,
    "rpc.method": call.method.name,
  };
}

/** How a call ended. undefined: well. */
export function statusAttributes(call: Call, code: Code | undefined): Attributes {
  if (!isConnect(call)) return { "rpc.grpc.status_code": code ?? 0 };
  if (code === undefined) return {};
  const name = (Code[code] ?? "Unknown").replace(/(?<=.)[A-Z]/g, "_$&").toLowerCase();
  return { "rpc.connect_rpc.error_code": name };
}

/** `host:port`, or the path of a Unix socket. */
export function peerAttributes({ address }: Peer): Attributes {
  const [, host, port] = /^\[?(.*?)\]?:(\d+)$/.exec(address) ?? [];
  if (host === undefined) return { "network.peer.address": address };
  return { "network.peer.address": host, "network.peer.port": Number(port) };
}

/** Whether an error is the server's fault; others are answers. Source: semantic conventions for gRPC, "gRPC Status". */
export function isServerFault(code: Code): boolean {
  switch (code) {
    case Code.Unknown:
    case Code.DeadlineExceeded:
    case Code.Unimplemented:
    case Code.Internal:
    case Code.Unavailable:
    case Code.DataLoss:
      return true;
    default:
      return false;
  }
}
