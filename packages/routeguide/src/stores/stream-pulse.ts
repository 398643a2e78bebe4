import type { JetStreamLink } from "./node-jetstream-link.js";

export interface PulseOptions {
  /** The stream's name. */
  readonly stream: string;
  /** How long the stream may be without a leader before that is told: as long as posts wait for one. */
  readonly patienceMs: number;
  /** Told when the stream is without a leader, and when it has one again. */
  readonly changed: () => void;
}

const PAUSE_MS = 1000;

/**
 * Asks time and again whether a stream has a leader: nobody else takes notes, and nobody else answers for it. Connections say nothing
 * of that. A cluster of NATS that has lost most of the servers which keep the stream holds them open.
 */
export class StreamPulse implements Disposable {
  isLed = true;
  readonly #link: JetStreamLink;
  readonly #options: PulseOptions;
  #ledAt = performance.now();
  #pause: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(link: JetStreamLink, options: PulseOptions) {
    this.#link = link;
    this.#options = options;
    void this.#ask();
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    clearTimeout(this.#pause);
  }

  async #ask(): Promise<void> {
    const { stream, patienceMs } = this.#options;
    const isAnswered = await this.#link.manager.streams.info(stream).then(
      () => true,
      () => false,
    );
    if (this.#isClosed) return;
    this.#pause = setTimeout(() => void this.#ask(), PAUSE_MS);
    // Without a connection nobody was asked.
    if (!this.#link.isUp) return;
    const now = performance.now();
    if (isAnswered) this.#ledAt = now;
    const isLed = now - this.#ledAt < patienceMs;
    if (isLed === this.isLed) return;
    this.isLed = isLed;
    this.#options.changed();
  }
}
