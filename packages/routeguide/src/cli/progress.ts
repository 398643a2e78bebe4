import type { Io } from "./io.js";

/** What is over sooner needs no progress, and nobody reads faster. */
const REDRAW_MS = 200;
const CLEAR_LINE = "\r\u001b[2K";

/** One line on stderr that says how far something has come, for a person who looks there. */
export class Progress implements Disposable {
  readonly #stderr: Io["stderr"] | undefined;
  #drawnAtMs = performance.now();
  #isDrawn = false;

  private constructor(stderr: Io["stderr"] | undefined) {
    this.#stderr = stderr?.isTTY === true ? stderr : undefined;
  }

  /** Beside nothing else. */
  static on({ stderr }: Pick<Io, "stderr">): Progress {
    return new Progress(stderr);
  }

  /** Beside data on stdout: none if that runs through the same terminal. */
  static besideData({ stderr, stdout }: Io): Progress {
    return new Progress(stdout.isTerminal ? undefined : stderr);
  }

  /** @param text made only if it is drawn */
  show(text: () => string): void {
    if (this.#stderr === undefined) return;
    const now = performance.now();
    if (now - this.#drawnAtMs < REDRAW_MS) return;
    this.#drawnAtMs = now;
    this.#isDrawn = true;
    this.#stderr.write(CLEAR_LINE + text());
  }

  /** Takes the line away again. */
  [Symbol.dispose](): void {
    if (this.#isDrawn) this.#stderr?.write(CLEAR_LINE);
  }
}
