/** The learner's server and client, run side by side, with a recording proxy in between. */
import { dial, listen } from "@routeguide/grpc/node";
import { BUILD, compile } from "../build/compile.js";
import type { Diagnostic } from "../build/diagnostic.js";
import { generate } from "../build/generate.js";
import { LearnerServer } from "../check/learner-server.js";
import { PATIENCE } from "../check/patience.js";
import { Program } from "../program/program.js";
import { forward } from "../wire/forward.js";
import { recordAccept } from "../wire/record.js";
import { OWN_CLIENT, type Recording } from "../wire/recording.js";

export interface Said {
  /** Each line that one of the programs prints. */
  line(program: "server" | "client", line: string): void;
}

/**
 * Compiles, and runs both until the client has ended.
 *
 * @returns what TypeScript found wrong; the programs run all the same if they can
 * @throws {Miss} if the server does not listen
 */
export async function runSideBySide(
  project: string,
  recording: Recording,
  said: Said,
  interrupt: AbortSignal,
): Promise<readonly Diagnostic[]> {
  const complaint = await generate(project);
  if (complaint !== undefined) said.line("server", complaint);
  const diagnostics = await compile(project);
  await using server = await LearnerServer.start(project, { onLine: (line) => said.line("server", line) });
  await using transport = dial(server.address);
  const accept = recordAccept(forward(await transport.connection(true)), recording, OWN_CLIENT);
  await using listening = await listen({ accept }, { port: 0 });
  await using client = new Program({
    cwd: project,
    args: [`${BUILD}/client.js`],
    env: { ROUTEGUIDE: `http://${listening.address}` },
    onLine: (line) => said.line("client", line),
  });
  const stopped = new Promise<void>((resolve) => {
    interrupt.addEventListener("abort", () => resolve(), { once: true });
    if (interrupt.aborted) resolve();
  });
  await Promise.race([client.ended, stopped]);
  // A server that closes well says so.
  server.program.signal("SIGTERM");
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE.probe);
  });
  await Promise.race([server.program.ended, late]);
  clearTimeout(timer);
  return diagnostics;
}
