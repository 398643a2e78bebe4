import { type ConsumerMessages, DeliverPolicy, type JsMsg } from "@nats-io/jetstream";
import type { JetStreamLink } from "./node-jetstream-link.js";

export interface StreamReaderOptions {
  /** The stream's name. */
  readonly stream: string;
  /** The sequence of the message that is wanted next. */
  next(): number;
  /** Takes messages in the order of their sequence; may get one again. Must not throw. */
  receive(message: JsMsg): void;
}

/** How many messages are asked for at a time, how often, and how soon is noticed that nobody answers. */
const PULL = { max_messages: 1000, expires: 2000, idle_heartbeat: 1000 };
const RETRY_MS = 250;

/**
 * Reads a stream in its order, for as long as there is one. The client's ordered consumer repairs gaps. What it does not get over is
 * that the one server of NATS that has it is gone, while the stream lives on at others: so it is made anew whenever it is silent.
 */
export class StreamReader implements AsyncDisposable {
  readonly #link: JetStreamLink;
  readonly #options: StreamReaderOptions;
  #messages: ConsumerMessages | undefined;
  #restarting: Promise<void> | undefined;
  #isClosed = false;

  constructor(link: JetStreamLink, options: StreamReaderOptions) {
    this.#link = link;
    this.#options = options;
  }

  /** Begins to read with the message that is wanted next. What was read with before is given up. */
  async start(): Promise<void> {
    const { stream, next, receive } = this.#options;
    const from = { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: next() };
    const consumer = await this.#link.client.consumers.get(stream, from);
    const messages = await consumer.consume({ ...PULL, callback: receive });
    const before = this.#messages;
    this.#messages = messages;
    await before?.close();
    if (this.#isClosed) await messages.close();
    else void this.#watch(messages);
  }

  /** Begins anew, as soon as that works. */
  restart(): void {
    this.#restarting ??= this.#startAgain();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#messages?.close();
  }

  async #startAgain(): Promise<void> {
    for (let hasStarted = false; !hasStarted && !this.#isClosed; ) {
      hasStarted = await this.start().then(
        () => true,
        () => false,
      );
      if (!hasStarted) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
    this.#restarting = undefined;
  }

  async #watch(messages: ConsumerMessages): Promise<void> {
    for await (const { type } of messages.status()) {
      if (type === "heartbeats_missed") break;
    }
    if (messages === this.#messages && !this.#isClosed) this.restart();
  }
}
