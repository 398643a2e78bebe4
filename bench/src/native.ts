/** RouteGuide on gRPC's other implementations, built from bench/peers where their toolchains are: never needed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const peers = join(root, "bench/peers");
/** Git ignores it. */
const cache = join(root, ".cache/bench-peers");

const GRPC_GO = "google.golang.org/grpc@v1.85.0";
/** The tutorial's own generated code. */
const GO_CONTRACT = "google.golang.org/grpc/examples@v0.0.0-20260825154716-030ee8becb20";

type Built = { readonly program: string } | { readonly missing: string };

export async function buildGo(): Promise<Built> {
  const folder = join(cache, "go");
  const program = join(folder, "server");
  return await built("go", program, async () => {
    mkdirSync(folder, { recursive: true });
    cpSync(join(peers, "go"), folder, { recursive: true });
    if (!existsSync(join(folder, "go.mod"))) {
      await run("go", ["mod", "init", "peer"], folder);
      await run("go", ["get", GRPC_GO, GO_CONTRACT], folder);
    }
    await run("go", ["build", "-mod=mod", "-o", program, "."], folder);
  });
}

export async function buildTonic(): Promise<Built> {
  const folder = join(cache, "tonic");
  return await built("cargo", join(folder, "release/server"), () =>
    run("cargo", ["build", "--release", "--manifest-path", join(peers, "tonic/Cargo.toml")], root, {
      CARGO_TARGET_DIR: folder,
      ROUTEGUIDE_PROTO: join(root, "packages/routeguide/proto"),
    }),
  );
}

async function built(toolchain: string, program: string, make: () => Promise<void>): Promise<Built> {
  if (process.platform !== "linux") return { missing: "what it uses is read from /proc, which only Linux has" };
  try {
    await make();
    return { program };
  } catch (error) {
    const isAbsent = error instanceof Error && "code" in error && error.code === "ENOENT";
    return { missing: isAbsent ? `${toolchain} is not installed` : `it was not built: ${error}` };
  }
}

async function run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<void> {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    errors = (errors + text).slice(-2000);
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${command} ${args[0]} exited with ${code}\n${errors}`);
}
