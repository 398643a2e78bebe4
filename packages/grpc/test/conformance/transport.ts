/** A transport of its own for each call of the suite. The argument "node" is for node:http2. */
import { dial } from "../../src/carrier/node-dial.js";
import type { Transport } from "../../src/index.js";
import type { ClientCompatRequest } from "../gen/connectrpc/conformance/v1/client_compat_pb.js";
import { HTTPVersion, Protocol } from "../gen/connectrpc/conformance/v1/config_pb.js";

const PROTOCOLS = { [Protocol.GRPC]: "grpc", [Protocol.GRPC_WEB]: "grpc-web", [Protocol.CONNECT]: "connect" } as const;

export function openTransport(request: ClientCompatRequest): Transport {
  const { host, port, protocol, httpVersion, serverTlsCert, clientTlsCreds } = request;
  if (protocol === Protocol.UNSPECIFIED) throw new Error("the request names no protocol");
  const isSecure = serverTlsCert.length > 0;
  const tls = isSecure && {
    tls: {
      ca: Buffer.from(serverTlsCert),
      ...(clientTlsCreds !== undefined && {
        cert: Buffer.from(clientTlsCreds.cert),
        key: Buffer.from(clientTlsCreds.key),
      }),
    },
  };
  return dial(`${isSecure ? "https" : "http"}://${host}:${port}`, {
    protocol: PROTOCOLS[protocol],
    httpVersion: httpVersion === HTTPVersion.HTTP_VERSION_1 ? 1 : 2,
    engine: process.argv[2] === "node" ? "node" : "own",
    ...tls,
  });
}
