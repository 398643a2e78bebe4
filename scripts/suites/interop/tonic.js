// Rust's tonic, with the code that it generates from our contract.
import { join } from "node:path";
import { root, step } from "../../step.js";
import { succeed } from "../run.js";
import { program, tools } from "../tools.js";

const target = join(tools, "tonic");
const manifest = join(root, "packages/routeguide/test/official-clients/tonic/Cargo.toml");

/** @param {import("../run.js").Served} server */
export async function callWithTonic({ address }) {
  // Cargo knows itself what has to be built again.
  await step("Building the client on tonic", program("cargo"), ["build", "--release", "--manifest-path", manifest], {
    env: { ...process.env, CARGO_TARGET_DIR: target, ROUTEGUIDE_PROTO: join(root, "packages/routeguide/proto") },
  });
  await succeed(join(target, "release/route-guide-tonic"), [`http://${address}`]);
}
