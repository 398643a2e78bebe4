import type { Writable } from "node:stream";
import { ReaderGone } from "./failure.js";

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
    stream.on("error", (error: NodeJS.ErrnoException) => {
      this.#gone.abort(error.code === "EPIPE" ? new ReaderGone() : error);
      this.#wake?.();
    });
    stream.on("drain", () => this.#wake?.());
  }

  /** Fires when nothing can be written any more; its reason is a {@link ReaderGone} or the stream's error. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /**
   * Resolves when there is room for more.
   *
   * @throws {ReaderGone} if nobody reads any more, and the stream's error if it cannot be written
   */
  async write(text: string): Promise<void> {
    this.gone.throwIfAborted();
    if (this.stream.write(text)) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
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
}
