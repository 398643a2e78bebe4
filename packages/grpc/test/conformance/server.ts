/** The server under test, as the suite's runner starts it: one for each configuration. The argument "node" is for node:http2. */
import { create } from "@bufbuild/protobuf";
import { listen } from "../../src/carrier/node-listen.js";
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
      cert: serverCreds?.cert ?? new Uint8Array(0),
      key: serverCreds?.key ?? new Uint8Array(0),
      ...(clientTlsCert.length > 0 && { clientCa: clientTlsCert }),
    },
  };
  const listener = await listen(server, { port: 0 }, { engine: process.argv[2] === "node" ? "node" : "own", ...tls });
  process.once("SIGTERM", () => process.exit(0));
  const response = create(ServerCompatResponseSchema, {
    host: "127.0.0.1",
    port: Number(listener.address.slice(listener.address.lastIndexOf(":") + 1)),
    ...(useTls && { pemCert: serverCreds?.cert ?? new Uint8Array(0) }),
  });
  process.stdout.write(frame(ServerCompatResponseSchema, response));
}

for await (const request of readMessages(process.stdin, ServerCompatRequestSchema)) await serve(request);
