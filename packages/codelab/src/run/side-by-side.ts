/** The learner's server and client, run side by side, with a recording proxy in between. */
import type { Connection, Transport } from "@routeguide/grpc";
import { dial, listen } from "@routeguide/grpc/node";
import { BUILD } from "../build/compile.js";
import { buildPrograms } from "../check/build-programs.js";
import { LearnerServer } from "../check/learner-server.js";
import { missingFile } from "../check/missing-file.js";
import { PATIENCE } from "../check/patience.js";
import { Program } from "../program/program.js";
import { whileBuilding } from "../project/lock.js";
import { forward } from "../wire/forward.js";
import { recordAccept } from "../wire/record.js";
import type { Recording } from "../wire/recording.js";

export type Side = "server" | "client";

export interface Said {
  /** A line that one of the programs prints. */
  line(side: Side, line: string): void;
  /** Something about them: a type error, how one has ended. */
  note(text: string): void;
}

/** What the client that runs here is called in the recording. */
const CALLER = "Your client";
/**
 * What either of them may send before the other reads, in bytes of a stream: the least that HTTP/2 has, so that whoever does not wait
 * for the other is seen to wait soon.
 */
const WINDOW_BYTES = 65_535;
const LIMITS = { streamWindowBytes: WINDOW_BYTES, connectionWindowBytes: 16 * WINDOW_BYTES };

/**
 * Compiles, and runs both until the client has ended or the signal fires; then stops the server as an operator does.
 *
 * @returns false if the server has ended before that
 * @throws {Miss} if a file is missing, code cannot be generated, or the server does not listen
 */
export async function runSideBySide(
  project: string,
  recording: Recording,
  said: Said,
  interrupt: AbortSignal,
): Promise<boolean> {
  const missing = missingFile(project);
  if (missing !== undefined) throw missing;
  // Whatever compiles is run: a file may be a later step's.
  const errors = await whileBuilding(project, () => buildPrograms(project));
  for (const { file, line, text } of errors) said.note(`${file}:${line} ${text}`);
  await using server = await LearnerServer.start(project, { onLine: (line) => said.line("server", line) });
  let isStopping = false;
  void server.program.ended.then(() => {
    if (!isStopping) said.note(`The server ${howItEnded(server.program)}.`);
  });
  await using transport = dial(server.address, { limits: LIMITS });
  const connection = await connect(transport);
  if (connection === undefined) {
    said.note("The server does not take connections.");
    return false;
  }
  const accept = recordAccept(forward(connection), recording, CALLER, WINDOW_BYTES);
  await using listening = await listen({ accept }, { port: 0 }, { limits: LIMITS });
  await using client = new Program({
    cwd: project,
    args: [`${BUILD}/client.js`],
    env: { ROUTEGUIDE: `http://${listening.address}` },
    onLine: (line) => said.line("client", line),
  });
  const interrupted = new Promise<void>((resolve) => {
    interrupt.addEventListener("abort", () => resolve(), { once: true });
    if (interrupt.aborted) resolve();
  });
  await Promise.race([client.ended, interrupted]);
  if (client.end !== undefined) said.note(`The client ${howItEnded(client)}.`);
  const isWell = server.program.end === undefined;
  isStopping = true;
  // A server that closes well says so. One that does not is ended.
  server.program.signal("SIGTERM");
  const timer = setTimeout(() => void server[Symbol.asyncDispose](), PATIENCE.probe);
  await server.program.ended;
  clearTimeout(timer);
  return isWell;
}

async function connect(transport: Transport): Promise<Connection | undefined> {
  try {
    return await transport.connection(false);
  } catch {
    return undefined;
  }
}

function howItEnded({ end, output }: Program): string {
  if (output.isFlooded) return "printed more than 1 MB and was stopped";
  if (end === undefined || end.code === 0) return "has ended";
  return end.code === null ? `was ended by ${end.signal}` : `ended with exit code ${end.code}`;
}
