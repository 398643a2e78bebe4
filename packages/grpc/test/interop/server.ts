/**
 * The server of gRPC's interop tests, until it is killed: server.js [--engine node] [--cert FILE --key FILE]. It prints where it
 * listens.
 */
import { parseArgs } from "node:util";
import { listen } from "../../src/carrier/node-listen.js";
import { deflate, gzip } from "../../src/envelope/node-zlib.js";
import { createServer } from "../../src/index.js";
import { TestService } from "../gen/grpc/testing/test_pb.js";
import { testService } from "./service.js";

/** A very large request is one of the cases. */
const READ_MAX_BYTES = 16 * 1024 * 1024;

const { values } = parseArgs({
  options: { engine: { type: "string" }, cert: { type: "string" }, key: { type: "string" } },
});
const { engine, cert: certFile, key: keyFile } = values;
const server = createServer({ compressions: [gzip, deflate], readMaxBytes: READ_MAX_BYTES }).service(
  TestService,
  testService,
);
const listener = await listen(
  server,
  { port: 0 },
  {
    engine: engine === "node" ? "node" : "own",
    ...(certFile !== undefined && keyFile !== undefined && { tls: { certFile, keyFile } }),
  },
);
console.log(`listening on ${listener.address}`);
