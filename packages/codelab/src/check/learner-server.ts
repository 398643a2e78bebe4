/** The learner's server.ts, running in a process of its own. */
import { BUILD } from "../build/compile.js";
import type { Answers } from "../program/probe.js";
import { Program } from "../program/program.js";
import { PLACES_VARIABLE } from "../program/watched-places.js";
import { freePort } from "./free-port.js";
import { Miss, type Suspect } from "./miss.js";
import { PATIENCE } from "./patience.js";

export interface ServerOptions {
  /** How many places it is to know at least; more than 100 are added far away. Default: those of places.json, not watched. */
  readonly places?: number;
  /** Each line that it prints. */
  readonly onLine?: (line: string) => void;
}

const LISTEN: Suspect = { file: "server.ts", line: /listen\(|Step 4:/ };

export class LearnerServer implements AsyncDisposable {
  readonly program: Program;
  readonly port: number;

  private constructor(program: Program, port: number) {
    this.program = program;
    this.port = port;
  }

  get address(): `http://${string}` {
    return `http://127.0.0.1:${this.port}`;
  }

  /**
   * Starts it on a free port and waits until it listens there.
   *
   * @throws {Miss} if it does not
   */
  static async start(project: string, { places = 0, onLine }: ServerOptions = {}): Promise<LearnerServer> {
    const port = await freePort();
    const program = new Program({
      cwd: project,
      args: [`${BUILD}/server.js`],
      env: { PORT: String(port), ...(places > 0 && { [PLACES_VARIABLE]: String(places) }) },
      ...(onLine !== undefined && { onLine }),
    });
    await program.listening(AbortSignal.timeout(PATIENCE.listening));
    if (program.ports.includes(port)) return new LearnerServer(program, port);
    try {
      throw await notListening(program, port);
    } finally {
      await program[Symbol.asyncDispose]();
    }
  }

  /**
   * Asks the probe in it.
   *
   * @throws {Miss} if there is no answer
   */
  async ask<K extends keyof Answers>(what: K): Promise<Answers[K]> {
    const answer = await this.program.ask(what, PATIENCE.probe);
    if (answer === undefined) throw new Miss("The server is in a loop that never ends: it answers nobody");
    return answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program[Symbol.asyncDispose]();
  }
}

async function notListening(program: Program, port: number): Promise<Miss> {
  const printed = program.output.text;
  const { end, ports } = program;
  if (program.output.isFlooded) return new Miss("server.ts printed more than 1 MB and was stopped", { at: LISTEN });
  if (ports.length > 0) {
    return new Miss("The server listens on another port than the one it was told", {
      expected: `it listens on ${port}, the value of PORT`,
      seen: `it listens on ${ports.join(", ")}`,
      at: LISTEN,
    });
  }
  if (end === undefined && (await program.ask("looks", PATIENCE.probe)) === undefined) {
    return new Miss("server.ts is in a loop that never ends, and listens nowhere", { printed, at: LISTEN });
  }
  if (end === undefined) {
    return new Miss("The server runs, but listens nowhere", {
      expected: `it listens on ${port}, the value of PORT`,
      seen: `nothing in ${PATIENCE.listening / 1000} seconds`,
      printed,
      at: LISTEN,
    });
  }
  if (end.code === 0) {
    return new Miss("server.ts ended at once: nothing in it listens", {
      expected: "listen() keeps the process alive",
      printed,
      at: LISTEN,
    });
  }
  return new Miss("server.ts crashed before it listened", { printed, at: LISTEN });
}
