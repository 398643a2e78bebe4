// grpc-java's interop programs, as Maven Central has them.
import { readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { root, step } from "../../step.js";
import { once, program, tools } from "../tools.js";
import { CASES } from "./peer.js";

const folder = join(tools, "grpc-java");
const pom = join(root, "packages/grpc/test/interop/java/pom.xml");
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
  const path = readdirSync(jars).map((jar) => join(jars, jar));
  const main = [...JVM, "-cp", path.join(delimiter)];
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
    clientCases: [...CASES, "very_large_request"],
    serverCases: [...CASES, "very_large_request"],
    identity,
    client: (name, port, isSecure) => ({
      command: java,
      args: [
        ...[...main, "io.grpc.testing.integration.TestServiceClient", `--test_case=${name}`],
        ...["--server_host=127.0.0.1", `--server_port=${port}`, `--use_tls=${isSecure}`, ...(isSecure ? trust : [])],
      ],
    }),
    server: (port, isSecure) => ({
      command: java,
      args: [...main, "io.grpc.testing.integration.TestServiceServer", `--port=${port}`, `--use_tls=${isSecure}`],
    }),
  };
}
