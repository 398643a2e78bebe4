import { headers, type MsgHdrs } from "@nats-io/transport-node";
import type { NoteBatch } from "../notes/note-batch.js";
import { NoteStoreError } from "../notes/note-store.js";
import { jetStreamError, outcomeOf } from "./jetstream-error.js";
import type { JetStreamLink } from "./node-jetstream-link.js";
import { type Append, Publication } from "./publication.js";

export interface PublisherOptions {
  /** The stream's name. */
  readonly stream: string;
  /** How long notes may wait to get into the stream. Less than JetStream remembers them. */
  readonly patienceMs: number;
  /** How many notes at one point the stream keeps. */
  readonly notesPerPoint: number;
}

/** How long JetStream may take to answer before it is sent the same again. */
const ANSWER_MS = 2000;
const RETRY_MS = 100;
const NODE_DIGITS = 16;

/**
 * Gets notes into the stream, one publication at a time, so that they stand there in the order in which they came. The longer
 * one takes, the more the next one carries. JetStream knows each message by its id: what is sent again because its answer was lost is
 * not there twice.
 */
export class JetStreamPublisher {
  readonly #link: JetStreamLink;
  readonly #options: PublisherOptions;
  /** What the ids of this process's messages begin with. */
  readonly #node = crypto.randomUUID().replaceAll("-", "").slice(0, NODE_DIGITS);
  readonly #queue: Append[] = [];
  #next = 0;
  #current: Publication | undefined;
  #running: Promise<void> | undefined;
  #wake = () => {};

  constructor(link: JetStreamLink, options: PublisherOptions) {
    this.#link = link;
    this.#options = options;
  }

  get isSending(): boolean {
    return this.#current !== undefined;
  }

  /** Notes that are not in the stream yet, as far as is known here. */
  get waiting(): number {
    return this.#queue.reduce((sum, { notes }) => sum + notes.count, this.#current?.count ?? 0);
  }

  /**
   * Resolves when the notes have come back from the stream. Promises settle in the order of their calls.
   *
   * @throws {NoteStoreError} as a rejection, "full" or "failed": none is kept, or if the answer got lost, who knows
   */
  append(notes: NoteBatch): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ notes, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /**
   * Called with each message that comes from the stream.
   *
   * @param id the message's id
   * @returns if it is on its way from here: what it came with, and how many messages of that stand before it
   */
  arrived(id: string | undefined): { readonly publication: Publication; readonly before: number } | undefined {
    const publication = this.#current;
    if (publication === undefined || !id?.startsWith(this.#node)) return undefined;
    const before = Number(id.slice(NODE_DIGITS + 1)) - publication.first;
    if (!(before >= 0 && before < publication.count)) return undefined;
    publication.hasArrived = true;
    this.#wake();
    return { publication, before };
  }

  /** Called when the connection is lost or back. */
  linkChanged(): void {
    this.#wake();
  }

  /** Resolves when nothing is on its way any more. */
  async flush(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    // The end of this turn: all that one poll of the network brought goes together.
    await new Promise(setImmediate);
    while (this.#queue.length > 0) {
      const { stream, notesPerPoint } = this.#options;
      // Half: others read while the next ones come in.
      const publication = new Publication(stream, this.#next, Math.ceil(notesPerPoint / 2));
      publication.fill(this.#queue);
      this.#next += publication.count;
      this.#current = publication;
      try {
        await this.#publish(publication);
        for (const { resolve } of publication.appends) resolve();
      } catch (error) {
        for (const { reject } of publication.appends) reject(error);
        if (publication.cut !== undefined) this.#queue.shift()?.reject(error);
      }
    }
    this.#current = undefined;
    this.#running = undefined;
  }

  /** Sends the messages until they have come back. */
  async #publish(publication: Publication): Promise<void> {
    const { patienceMs } = this.#options;
    const deadline = performance.now() + patienceMs;
    let reason: unknown;
    while (!publication.hasArrived) {
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) {
        const what = publication.isStored ? "give back the notes it took" : "take notes";
        throw new NoteStoreError("failed", `NATS did not ${what} within ${patienceMs / 1000} s`, reason);
      }
      if (!this.#link.isUp || publication.isStored) await this.#untilSomething(leftMs);
      else reason = (await this.#try(publication, Math.min(leftMs, ANSWER_MS))) ?? reason;
    }
  }

  /** Returns why it may work in a moment; undefined: nothing speaks against it. */
  async #try(publication: Publication, ms: number): Promise<unknown> {
    const stored = this.#send(publication, ms).then(() => {
      publication.isStored = true;
    });
    try {
      await this.#untilSomething(ms, stored);
      return undefined;
    } catch (error) {
      const outcome = outcomeOf(error);
      if (outcome === "taken") publication.isStored = true;
      else if (outcome !== "passing") throw jetStreamError(error, "NATS does not take notes");
      else await this.#untilSomething(RETRY_MS);
      return error;
    }
  }

  /** Sends one message by itself, and several as one of JetStream's atomic batches (nats-architecture-and-design, ADR-50). */
  async #send({ first, subjects, payloads, count }: Publication, timeout: number): Promise<void> {
    const batch = count > 1 ? `${this.#node}-${first}-${performance.now()}` : undefined;
    for (let i = 0; i < count; i++) {
      const subject = subjects[i] as string;
      const marked = this.#headers(first + i, batch, i + 1);
      if (i < count - 1) {
        this.#link.connection.publish(subject, payloads[i] as Uint8Array, { headers: marked });
      } else {
        if (batch !== undefined) marked.set("Nats-Batch-Commit", "1");
        await this.#link.client.publish(subject, payloads[i] as Uint8Array, { headers: marked, timeout });
      }
    }
  }

  #headers(number: number, batch: string | undefined, position: number): MsgHdrs {
    const marked = headers();
    marked.set("Nats-Msg-Id", `${this.#node}-${number}`);
    if (batch !== undefined) {
      marked.set("Nats-Batch-Id", batch);
      marked.set("Nats-Batch-Sequence", `${position}`);
    }
    return marked;
  }

  /** Waits until the messages have come back, the connection has changed, an answer is there, or the time is over. */
  #untilSomething(ms: number, answer?: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
      answer?.then(this.#wake, (error) => {
        clearTimeout(timer);
        reject(error);
      });
    });
  }
}
