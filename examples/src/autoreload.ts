/**
 * Autoreload: a changed program takes over a port that never closes. The new one accepts before the old one ends its calls.
 *
 * Run it: npm run example -- autoreload
 * You see:
 *
 *     answered by: Newark, as of version 1
 *     after the change: Newark, as of version 2
 *     calls that failed meanwhile: 0
 */
import cluster, { type Worker } from "node:cluster";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, createServer, RpcError } from "@routeguide/grpc";
import { dial, listen } from "@routeguide/grpc/node";
import { RouteGuide } from "routeguide";

if (cluster.isPrimary) await keep();
else await serve(process.env["PROGRAM"] ?? "");

/** The server, as any program has one. What makes a version of it is read once, at its start, as code is. */
async function serve(program: string): Promise<void> {
  const version = readFileSync(program, "utf8");
  const server = createServer().service(RouteGuide, {
    getFeature: () => ({ name: `Newark, as of version ${version}` }),
  });
  // In a worker the port belongs to the primary: it stays open when the worker goes.
  const listening = await listen(server, { port: 0 });
  process.send?.(listening.address);
  process.once("SIGTERM", async () => {
    // Callers are told to go elsewhere; what they have sent until they know it is still answered.
    await listening.close(10_000);
    process.exit();
  });
}

/** Keeps the port, starts the program, and starts it again whenever its file changes. */
async function keep(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "routeguide-"));
  const program = join(folder, "version");
  writeFileSync(program, "1");

  let current: Worker | undefined;
  const start = async (): Promise<string> => {
    const before = current;
    current = cluster.fork({ PROGRAM: program });
    const [address] = await once(current, "message");
    // Only now: the new one answers already.
    before?.process.kill("SIGTERM");
    return address;
  };
  const address = await start();
  const watcher = watch(program);

  await using transport = dial(`http://${address}`);
  const client = createClient(RouteGuide, transport);
  let failed = 0;
  const ask = (): Promise<string> =>
    client.getFeature({}).then(
      ({ name }) => name,
      (reason: unknown) => {
        failed++;
        return RpcError.from(reason).message;
      },
    );
  console.log(`answered by: ${await ask()}`);

  const changed = once(watcher, "change");
  writeFileSync(program, "2");
  await changed;
  const started = start();
  let name = await ask();
  while (!name.endsWith("2")) name = await ask();
  await started;
  console.log(`after the change: ${name}`);
  console.log(`calls that failed meanwhile: ${failed}`);

  watcher.close();
  current?.process.kill("SIGTERM");
  rmSync(folder, { recursive: true });
}
