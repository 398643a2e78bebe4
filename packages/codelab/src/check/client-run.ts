/** The learner's client.ts, run once against a server that a check has made up. */
import { EventEmitter, once } from "node:events";
import { createServer, type ServiceImpl } from "@routeguide/grpc";
import { type Listening, listen } from "@routeguide/grpc/node";
import { BUILD } from "../build/compile.js";
import { RouteGuide } from "../gen/routeguide/route_guide_pb.js";
import { type Ended, Program } from "../program/program.js";
import { recordAccept } from "../wire/record.js";
import { OWN_CLIENT, type Recording } from "../wire/recording.js";
import { Miss } from "./miss.js";
import { PATIENCE } from "./patience.js";

export interface ClientEnded extends Ended {
  /** What the client printed, on both streams. */
  readonly text: string;
}

export class ClientRun implements AsyncDisposable {
  readonly program: Program;
  readonly #listening: Listening;
  readonly #printed: EventEmitter;
  /** Fulfilled when the check no longer holds the client up, to see what it prints meanwhile. */
  #held: Promise<boolean> | undefined;

  private constructor(program: Program, listening: Listening, printed: EventEmitter) {
    this.program = program;
    this.#listening = listening;
    this.#printed = printed;
  }

  /**
   * Starts the client; these handlers answer it.
   *
   * @param address where it is sent instead of to them
   */
  static async start(
    project: string,
    handlers: ServiceImpl<typeof RouteGuide>,
    recording: Recording,
    address?: string,
  ): Promise<ClientRun> {
    // What a handler of ours throws is the check's matter, and no line for a console.
    const server = createServer({ onError: () => {} }).service(RouteGuide, handlers);
    const accept = recordAccept(server.accept, recording, OWN_CLIENT);
    const listening = await listen({ accept }, { port: 0 });
    const printed = new EventEmitter();
    const program = new Program({
      cwd: project,
      args: [`${BUILD}/client.js`],
      env: { ROUTEGUIDE: `http://${address ?? listening.address}` },
      onLine: () => printed.emit("line"),
    });
    return new ClientRun(program, listening, printed);
  }

  /** Waits until the client has printed a line with this text; false if it does not. A handler that waits for it holds the client up. */
  prints(text: string): Promise<boolean> {
    this.#held = this.#hasPrinted(text);
    return this.#held;
  }

  async #hasPrinted(text: string): Promise<boolean> {
    const signal = AbortSignal.timeout(PATIENCE.answer);
    while (!this.program.output.text.includes(text)) {
      if (signal.aborted || this.program.end !== undefined) return false;
      await Promise.race([once(this.#printed, "line", { signal }), this.program.ended]).catch(() => {});
    }
    return true;
  }

  /**
   * Waits until the client has ended by itself.
   *
   * @throws {Miss} if it does not
   */
  async toEnd(): Promise<ClientEnded> {
    let end = await this.program.endsWithin(PATIENCE.ending);
    if (end === undefined && this.#held !== undefined) {
      await this.#held;
      end = await this.program.endsWithin(PATIENCE.ending);
    }
    const { text, isFlooded } = this.program.output;
    const at = { file: "client.ts", line: /dial\(|Step 12:/ };
    if (isFlooded) throw new Miss("The client printed more than 1 MB and was stopped", { at });
    if (end !== undefined) return { ...end, text };
    const seen = `it still runs after ${PATIENCE.ending / 1000} seconds`;
    throw new Miss("The client does not end", {
      expected: "when all is done, the process ends",
      seen,
      printed: text,
      at,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program[Symbol.asyncDispose]();
    await this.#listening.close(0);
  }
}
