// grpc-java, with the code that its generator makes from our contract.
import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { root, step } from "../../step.js";
import { succeed } from "../run.js";
import { once, program, tools } from "../tools.js";

const folder = join(tools, "java");
const sources = join(root, "packages/routeguide/test/official-clients/java");
const proto = join(root, "packages/routeguide/proto");
const madeFrom = ["pom.xml", "src/main/java/Client.java"].map((file) => join(sources, file));

/** @param {import("../run.js").Served} server */
export async function callWithJava({ address }) {
  const java = program("java");
  program("javac");
  const maven = program("mvn");
  const contents = [...madeFrom, join(proto, "routeguide/route_guide.proto")].map((file) => readFileSync(file, "utf8"));
  await once(folder, contents.join(""), () =>
    step("Building the client on grpc-java", maven, [
      ...["-q", "-B", "-f", join(sources, "pom.xml")],
      ...[`-Dfolder=${folder}`, `-Dproto=${proto}`, "compile"],
    ]),
  );
  const path = [join(folder, "classes"), join(folder, "jars/*")].join(delimiter);
  await succeed(java, ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", path, "Client", address]);
}
