import type { StreamInfo } from "@nats-io/jetstream";
import { nanos } from "@nats-io/transport-node";
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
/** Those who keep a stream hear of each other every second. Whoever was not heard for so long is gone. */
const GONE_NS = nanos(5000);

/**
 * Asks time and again whether a stream has a leader who hears from most of the servers that keep it: without one it takes nothing.
 * Connections say nothing of that. A cluster of NATS that has lost most of its servers holds them open.
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
    const hasLeader = await this.#link.manager.streams.info(stream).then(isHeeded, () => false);
    if (this.#isClosed) return;
    this.#pause = setTimeout(() => void this.#ask(), PAUSE_MS);
    // Without a connection nobody was asked.
    if (!this.#link.isUp) return;
    const now = performance.now();
    if (hasLeader) this.#ledAt = now;
    const isLed = now - this.#ledAt < patienceMs;
    if (isLed === this.isLed) return;
    this.isLed = isLed;
    this.#options.changed();
  }
}

/** Whether there is a leader who hears from most. What a single server keeps has no cluster. */
function isHeeded({ cluster }: StreamInfo): boolean {
  if (cluster === undefined) return true;
  const { leader, replicas = [] } = cluster;
  const heard = replicas.filter(({ active }) => active < GONE_NS).length;
  // The leader is not among the replicas.
  return Boolean(leader) && heard >= replicas.length / 2;
}
