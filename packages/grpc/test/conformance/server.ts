/** The server under test, as the suite's runner starts it: one for each configuration. */
import { create } from "@bufbuild/protobuf";
import { serveHttp2 } from "../../src/carrier/node-http2-server.js";
import { openListener } from "../../src/carrier/node-listener.js";
import { deflate, gzip } from "../../src/envelope/node-zlib.js";
import { createServer } from "../../src/index.js";
import {
  type ServerCompatRequest,
  ServerCompatRequestSchema,
  ServerCompatResponseSchema,
} from "../gen/connectrpc/conformance/v1/server_compat_pb.js";
import { ConformanceService } from "../gen/connectrpc/conformance/v1/service_pb.js";
import { registry } from "./convert.js";
import { frame, readMessages } from "./framing.js";
import { service } from "./service.js";

async function serve(request: ServerCompatRequest): Promise<void> {
  const { clientTlsCert, messageReceiveLimit, serverCreds, useTls } = request;
  const server = createServer({
    compressions: [gzip, deflate],
    // The suite counts what is compressed.
    compressMinBytes: 0,
    jsonOptions: { registry },
    ...(messageReceiveLimit > 0 && { readMaxBytes: messageReceiveLimit }),
  }).service(ConformanceService, service);
  const tls = useTls && {
    tls: {
      cert: Buffer.from(serverCreds?.cert ?? []),
      key: Buffer.from(serverCreds?.key ?? []),
      ...(clientTlsCert.length > 0 && {
        ca: Buffer.from(clientTlsCert),
        requestCert: true,
        rejectUnauthorized: true,
      }),
    },
  };
  const limits = {
    concurrentStreams: 100,
    headerListBytes: 65_536,
    headerListPairs: 1000,
    streamWindowBytes: 1_048_576,
    connectionWindowBytes: 4_194_304,
  };
  const listener = await openListener(
    { port: 0, host: "127.0.0.1" },
    (socket, peer) => serveHttp2(socket, peer, server.accept, limits),
    { maxConnections: 1000, handshakeTimeoutMs: 10_000, ...tls },
  );
  process.once("SIGTERM", () => process.exit(0));
  const response = create(ServerCompatResponseSchema, {
    host: "127.0.0.1",
    port: Number(listener.address.slice(listener.address.lastIndexOf(":") + 1)),
    ...(useTls && { pemCert: serverCreds?.cert ?? new Uint8Array(0) }),
  });
  process.stdout.write(frame(ServerCompatResponseSchema, response));
}

for await (const request of readMessages(process.stdin, ServerCompatRequestSchema)) await serve(request);
