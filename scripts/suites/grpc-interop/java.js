// grpc-java's interop programs, as Maven Central has them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root, step } from "../../step.js";
import { once, program, tools } from "../tools.js";
import { CASES, SOAK } from "./peer.js";

const folder = join(tools, "grpc-java");
const pom = join(root, "packages/grpc/test/interop/java/pom.xml");
/** What it knows beyond the others. The compressed ones without their probe: it asks whether one message came compressed. */
const MORE_CASES = [
  ...["client_compressed_unary_noprobe", "client_compressed_streaming_noprobe"],
  ...["server_compressed_unary", "server_compressed_streaming", "very_large_request"],
];
/** The programs are short: what they gain from a better compiler they never earn back. */
const JVM = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"];

/** @returns {Promise<import("./peer.js").Peer>} */
export async function grpcJava() {
  const java = program("java");
  const maven = program("mvn");
  await once(folder, readFileSync(pom, "utf8"), () =>
    step("Fetching grpc-java", maven, ["-q", "-B", "-f", pom, `-Dfolder=${folder}`, "process-resources"]),
  );
  const jars = join(folder, "jars");
  const main = [...JVM, "-cp", join(jars, "*")];
  const certificate = (/** @type {string} */ file) => join(folder, "certs", file);
  // Its programs know no other certificates.
  const identity = {
    ca: certificate("ca.pem"),
    cert: certificate("server1.pem"),
    key: certificate("server1.key"),
    name: "foo.test.google.fr",
  };
  const trust = ["--use_test_ca=true", `--server_host_override=${identity.name}`];
  return {
    name: "grpc-java",
    clientCases: [...CASES, ...MORE_CASES],
    serverCases: [...CASES, ...MORE_CASES],
    identity,
    client: (name, port, isSecure) => ({
      command: java,
      args: [
        ...[...main, "io.grpc.testing.integration.TestServiceClient", `--test_case=${name}`],
        ...[
          "--server_host=127.0.0.1",
          `--server_port=${port}`,
          ...SOAK,
          `--use_tls=${isSecure}`,
          ...(isSecure ? trust : []),
        ],
      ],
    }),
    server: (port, isSecure) => ({
      command: java,
      args: [...main, "io.grpc.testing.integration.TestServiceServer", `--port=${port}`, `--use_tls=${isSecure}`],
    }),
  };
}
