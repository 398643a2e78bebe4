/** A server in a process of its own that a test hurts, and what must hold afterwards. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Code } from "@routeguide/grpc";
import { connect } from "../../src/client.js";
import { type CommandOptions, serveCommand } from "../command.js";

/** How much more memory a server may have than it had before: garbage that is not collected yet, and code that ran for the first time. */
const SLACK_BYTES = 96 * 2 ** 20;
const ATTEMPTS = 10;

export type Victim = Awaited<ReturnType<typeof serveVictim>>;

/** `routeguide serve` with all its places, warmed up. */
export async function serveVictim(args: readonly string[] = [], options?: CommandOptions) {
  const server = await serveCommand(args, options);
  const { pid } = server.child;
  await answers(server.address);
  const before = residentBytes(pid);
  return Object.assign(server, {
    /** Bytes of memory beyond those it began with. Not known but on Linux: 0. */
    grownBytes: () => residentBytes(pid) - before,
    /** It answers, and its memory is near where it was. */
    async assertUnhurt(): Promise<void> {
      assert.equal(server.child.exitCode, null, server.stderr);
      await answers(server.address);
      const grown = residentBytes(pid) - before;
      assert.ok(grown < SLACK_BYTES, `${grown} bytes more than before`);
    },
  });
}

/** Resolves when the server has answered a call within a second. */
async function answers(address: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await using guide = connect(`http://${address}`);
    try {
      // Where nothing is.
      const feature = await guide.client.getFeature({ latitude: 1, longitude: 1 }, { timeoutMs: 1000 });
      assert.equal(feature.name, "");
      return;
    } catch (error) {
      // On a machine that is busy with something else, the second may pass for that reason.
      const isLate = error instanceof Error && "code" in error && error.code === Code.DeadlineExceeded;
      if (!isLate || attempt === ATTEMPTS) throw error;
    }
  }
}

function residentBytes(pid: number | undefined): number {
  if (process.platform !== "linux") return 0;
  const [, kilobytes = ""] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) * 1024;
}
