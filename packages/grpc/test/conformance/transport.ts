/** A connection of its own for each call of the suite. */

import { openSocket } from "../../src/carrier/node-connect.js";
import { connectHttp2 } from "../../src/carrier/node-http2-client.js";
import { peerOf } from "../../src/carrier/node-peer.js";
import { parseTarget } from "../../src/carrier/node-target.js";
import type { Transport } from "../../src/index.js";
import type { ClientCompatRequest } from "../gen/connectrpc/conformance/v1/client_compat_pb.js";

const WINDOWS = { streamWindowBytes: 1_048_576, connectionWindowBytes: 4_194_304, headerListBytes: 65_536 };

export async function openTransport(request: ClientCompatRequest): Promise<Transport> {
  const { host, port, serverTlsCert, clientTlsCreds } = request;
  const target = parseTarget(`${serverTlsCert.length > 0 ? "https" : "http"}://${host}:${port}`);
  const tls = {
    ca: Buffer.from(serverTlsCert),
    ...(clientTlsCreds !== undefined && {
      cert: Buffer.from(clientTlsCreds.cert),
      key: Buffer.from(clientTlsCreds.key),
    }),
  };
  const socket = await openSocket(target, target.secure ? tls : undefined, new AbortController().signal);
  const events = { openable: () => {}, draining: () => {}, closed: () => {} };
  const connection = await connectHttp2(socket, peerOf(socket), events, { ...WINDOWS, authority: target.authority });
  return {
    protocolName: "grpc",
    connection: () => connection,
    [Symbol.asyncDispose]: async () => connection.close(),
  };
}
