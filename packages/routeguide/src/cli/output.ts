import type { Writable } from "node:stream";
import { reasonOf } from "../node-reason.js";
import { Failure, ReaderGone } from "./failure.js";

/** Writes text to a stream as fast as its reader takes it, and notices when the reader has gone. */
export class Output {
  readonly stream: Writable;
  /** Whether a person reads it. */
  readonly isTerminal: boolean;
  readonly #gone = new AbortController();
  #wake: (() => void) | undefined;

  constructor(stream: Writable & { readonly isTTY?: boolean }) {
    this.stream = stream;
    this.isTerminal = stream.isTTY === true;
    stream.on("error", (error) => this.#fail(error));
    stream.on("drain", () => this.#wake?.());
  }

  /** Fires when nothing can be written any more; its reason is a {@link ReaderGone} or a {@link Failure}. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /**
   * Resolves when there is room for more.
   *
   * @throws {ReaderGone} if nobody reads any more
   * @throws {Failure} if it cannot be written: a full disk, say
   */
  async write(text: string): Promise<void> {
    this.gone.throwIfAborted();
    if (this.#accepts(text)) return;
    if (!this.gone.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.gone.throwIfAborted();
  }

  /** Resolves when all that was written has left the process, or never will. */
  async flushed(): Promise<void> {
    if (this.gone.aborted || this.stream.writableLength === 0) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.stream.write("", () => resolve());
    });
  }

  /** Whether there is room for more. */
  #accepts(text: string): boolean {
    try {
      return this.stream.write(text);
    } catch (error) {
      // Node writes to files at once, and throws what goes wrong.
      this.#fail(error);
      return false;
    }
  }

  #fail(error: unknown): void {
    const isPipe = error instanceof Error && "code" in error && error.code === "EPIPE";
    this.#gone.abort(
      isPipe ? new ReaderGone() : new Failure(`cannot write results: ${reasonOf(error)}`, { cause: error }),
    );
    this.#wake?.();
  }
}
