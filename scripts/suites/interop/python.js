// Python's grpcio, with the code that grpcio-tools generates from our contract.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root, step } from "../../step.js";
import { run, succeed } from "../run.js";
import { Missing } from "../suite.js";
import { once, program, tools } from "../tools.js";

const folder = join(tools, "python");
const python = join(folder, "bin/python");
const sources = join(root, "packages/routeguide/test/official-clients/python");
const protos = join(root, "packages/routeguide/proto");

/** @param {import("../run.js").Served} server */
export async function callWithPython({ address }) {
  const installed = program("python3");
  const requirements = join(sources, "requirements.txt");
  const contract = join(protos, "routeguide/route_guide.proto");
  await once(folder, readFileSync(requirements, "utf8") + readFileSync(contract, "utf8"), async () => {
    const { code } = await run(installed, ["-m", "venv", folder]);
    if (code !== 0) throw new Missing("this Python has no venv");
    await step("Installing grpcio", python, ["-m", "pip", "install", "--quiet", "-r", requirements]);
    const out = [`--python_out=${folder}`, `--grpc_python_out=${folder}`];
    await succeed(python, ["-m", "grpc_tools.protoc", `-I${protos}`, ...out, "routeguide/route_guide.proto"]);
  });
  await succeed(python, [join(sources, "client.py"), address], { env: { ...process.env, PYTHONPATH: folder } });
}
