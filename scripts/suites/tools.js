// Programs that npm cannot install. Each is installed once, in the version named here, into a folder that git ignores.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, delimiter, join } from "node:path";
import { root, step } from "../step.js";
import { Missing } from "./suite.js";

export const tools = join(root, ".cache/tools");

/** The packages of Go programs, and the versions that the suites were written against. */
const GO_PROGRAMS = {
  h2spec: ["github.com/summerwind/h2spec/cmd/h2spec", "v2.2.1+incompatible"],
  connectconformance: ["connectrpc.com/conformance/cmd/connectconformance", "v1.0.7"],
  "grpc-go-client": ["google.golang.org/grpc/interop/client", "v1.85.0"],
  "grpc-go-server": ["google.golang.org/grpc/interop/server", "v1.85.0"],
  grpcurl: ["github.com/fullstorydev/grpcurl/cmd/grpcurl", "v1.9.4"],
  // The last that knows nothing but v1alpha of reflection.
  "grpcurl-v1alpha": ["github.com/fullstorydev/grpcurl/cmd/grpcurl", "v1.8.7"],
  "grpc-health-probe": ["github.com/grpc-ecosystem/grpc-health-probe", "v0.4.61"],
  "nats-server": ["github.com/nats-io/nats-server/v2", "v2.15.2"],
};

/**
 * The path of a program that is installed on this machine.
 *
 * @param {string} name
 * @returns {string}
 * @throws {Missing}
 */
export function program(name) {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const path = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (path === undefined) throw new Missing(`${name} is not installed`);
  return path;
}

/**
 * The path of a program written in Go, which is installed if it is not there.
 *
 * @param {keyof typeof GO_PROGRAMS} name
 * @returns {Promise<string>}
 * @throws {Missing} if Go is not installed
 */
export async function goProgram(name) {
  const [path = "", version = ""] = GO_PROGRAMS[name];
  const folder = join(tools, `${name}-${version}`);
  // The last part of a module's path may be its major version.
  const binary = join(folder, basename(path.replace(/\/v\d+$/, "")));
  if (existsSync(binary)) return binary;
  await step(`Installing ${name} ${version}`, program("go"), ["install", `${path}@${version}`], {
    env: { ...process.env, GOBIN: folder },
  });
  return binary;
}

/**
 * Makes something once for each content of what it is made from.
 *
 * @param {string} folder where it lies; the mark that it is complete lies beside it
 * @param {string} content
 * @param {() => Promise<unknown>} make
 */
export async function once(folder, content, make) {
  const mark = `${folder}.made-from`;
  if (existsSync(folder) && existsSync(mark) && readFileSync(mark, "utf8") === content) return;
  mkdirSync(folder, { recursive: true });
  await make();
  writeFileSync(mark, content);
}
