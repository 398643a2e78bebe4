// grpc-go's interop programs.
import { makeIdentity } from "../identity.js";
import { goProgram } from "../tools.js";
import { CASES, SOAK } from "./peer.js";

/**
 * @param {string} folder where certificates may be written
 * @returns {Promise<import("./peer.js").Peer>}
 */
export async function grpcGo(folder) {
  const programs = { client: await goProgram("grpc-go-client"), server: await goProgram("grpc-go-server") };
  const identity = await makeIdentity(folder);
  const tls = {
    client: ["--use_tls", "--use_test_ca", "--ca_file", identity.ca],
    server: ["--use_tls", "--tls_cert_file", identity.cert, "--tls_key_file", identity.key],
  };
  return {
    name: "grpc-go",
    clientCases: CASES,
    serverCases: CASES,
    identity,
    client: (name, port, isSecure) => ({
      command: programs.client,
      args: [
        "--server_host",
        "127.0.0.1",
        "--server_port",
        port,
        "--test_case",
        name,
        ...SOAK,
        ...(isSecure ? tls.client : []),
      ],
    }),
    server: (port, isSecure) => ({
      command: programs.server,
      args: ["--port", `${port}`, ...(isSecure ? tls.server : [])],
    }),
  };
}
