/** RouteGuide on gRPC's other implementations, built from bench/peers where their toolchains are: never needed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const peers = join(root, "bench/peers");
const proto = join(root, "packages/routeguide/proto");
/** Git ignores it. */
const cache = join(root, ".cache/bench-peers");

const GRPC_GO = "google.golang.org/grpc@v1.85.0";
/** The tutorial's own generated code. */
const GO_CONTRACT = "google.golang.org/grpc/examples@v0.0.0-20260825154716-030ee8becb20";

export type Built = { readonly program: string } | { readonly missing: string };

type Side = "server" | "client";

export async function buildGo(side: Side): Promise<Built> {
  const folder = join(cache, "go");
  const program = join(folder, `bin/${side}`);
  return await built("go", program, async () => {
    mkdirSync(folder, { recursive: true });
    cpSync(join(peers, "go"), folder, { recursive: true });
    if (!existsSync(join(folder, "go.mod"))) {
      await run("go", ["mod", "init", "peer"], folder);
      await run("go", ["get", GRPC_GO, GO_CONTRACT], folder);
    }
    await run("go", ["build", "-mod=mod", "-o", program, `./${side}`], folder);
  });
}

export async function buildTonic(side: Side): Promise<Built> {
  const folder = join(cache, "tonic");
  return await built("cargo", join(folder, `release/${side}`), () =>
    run("cargo", ["build", "--release", "--manifest-path", join(peers, "tonic/Cargo.toml")], root, {
      CARGO_TARGET_DIR: folder,
      ROUTEGUIDE_PROTO: proto,
    }),
  );
}

/** With the gRPC that the system's packages bring. */
export async function buildCpp(): Promise<Built> {
  const folder = join(cache, "cpp");
  const source = join(peers, "cpp/server.cc");
  const program = join(folder, "server");
  return await built("g++, protoc, grpc_cpp_plugin or pkg-config", program, async () => {
    if (isNewer(program, source)) return;
    mkdirSync(folder, { recursive: true });
    const contract = "routeguide/route_guide";
    const plugin = (await run("sh", ["-c", "command -v grpc_cpp_plugin"], root)).trim();
    const out = [`--cpp_out=${folder}`, `--grpc_out=${folder}`, `--plugin=protoc-gen-grpc=${plugin}`];
    await run("protoc", ["-I", proto, ...out, `${contract}.proto`], root);
    const flags = await run("pkg-config", ["--cflags", "--libs", "grpc++", "protobuf"], root);
    const sources = [source, ...["pb", "grpc.pb"].map((kind) => join(folder, `${contract}.${kind}.cc`))];
    const args = ["-O2", "-std=c++20", "-I", folder, "-o", program, ...sources, ...flags.trim().split(/\s+/)];
    await run("g++", args, root);
  });
}

function isNewer(file: string, than: string): boolean {
  return existsSync(file) && statSync(file).mtimeMs > statSync(than).mtimeMs;
}

async function built(toolchain: string, program: string, make: () => Promise<unknown>): Promise<Built> {
  if (process.platform !== "linux") return { missing: "what it uses is read from /proc, which only Linux has" };
  try {
    await make();
    return { program };
  } catch (error) {
    const isAbsent = error instanceof Error && "code" in error && error.code === "ENOENT";
    return { missing: isAbsent ? `${toolchain} is not installed` : `it was not built: ${error}` };
  }
}

/** Runs a program that must succeed, and resolves to what it wrote. */
async function run(
  command: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    output += text;
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    errors = (errors + text).slice(-2000);
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${command} ${args[0]} exited with ${code}\n${errors}`);
  return output;
}
