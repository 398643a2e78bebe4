import type { JsMsg } from "@nats-io/jetstream";
import { PREFIX_BYTES, writePrefix } from "../contract/envelope-writer.js";
import { NoteView } from "../contract/note-view.js";
import { NoteBatch } from "../notes/note-batch.js";
import type { Deliver, NoteBus } from "../notes/note-bus.js";
import { type NoteStore, NoteStoreError } from "../notes/note-store.js";
import { jetStreamError } from "./jetstream-error.js";
import { JetStreamPublisher } from "./jetstream-publisher.js";
import { retryWhilePassing } from "./jetstream-retry.js";
import { openStream, RECORD_BYTES, type StreamLimits, type StreamOptions } from "./jetstream-stream.js";
import { JetStreamLink, type LinkOptions } from "./node-jetstream-link.js";
import type { Publication } from "./publication.js";
import { StreamPulse } from "./stream-pulse.js";
import { StreamReader } from "./stream-reader.js";

export interface JetStreamOptions extends LinkOptions {
  readonly stream: StreamOptions;
  /** How long a post may wait while NATS is away, or does not take it, and each step of opening. Less than 2 minutes. */
  readonly patienceMs: number;
  /** Told each other state of NATS. Default: nobody is told. */
  readonly onNats?: (state: NatsState) => void;
}

/** Whether NATS takes notes: the server that is connected; "away", none is; "leaderless", one is, and the stream has no leader. */
export type NatsState = { readonly server: string } | "away" | "leaderless";

/** How a node stands to the stream. */
export interface StreamStanding {
  readonly isConnected: boolean;
  /** Notes that the stream has and this node has not delivered yet; NaN if NATS does not say. */
  readonly behind: number;
  /** Notes that are not in the stream yet. */
  readonly waiting: number;
}

const FIRST_BYTES = 8192;

/**
 * Notes in a stream of NATS JetStream, which many nodes share. It is the store, and it is the bus: what is appended goes into the
 * stream, and what comes out of it, in the order of its sequence, is delivered, this node's own notes included. So all nodes agree on the
 * history and its order, and a note is delivered only once JetStream keeps it.
 *
 * A note is a message: a RouteNote without a prefix, under STREAM.note.LATITUDE.LONGITUDE in E7.
 */
export class JetStreamNotes implements NoteStore, NoteBus {
  readonly #link: JetStreamLink;
  readonly #publisher: JetStreamPublisher;
  readonly #stream: string;
  readonly #patienceMs: number;
  readonly #reader: StreamReader;
  readonly #pulse: StreamPulse;
  readonly #onNats: (state: NatsState) => void;
  readonly #note = new NoteView();
  /** A note of another node on its way to be delivered. */
  readonly #foreign = new NoteBatch(new Uint8Array(FIRST_BYTES));
  #reading: Promise<void> | undefined;
  #deliver: Deliver = () => {};
  /** The sequence of the last message that was delivered, or left out because another one took its notes along. */
  #delivered = 0;
  /** Messages that the stream still had behind the last one that came. */
  #pending = Number.POSITIVE_INFINITY;
  #onArrival = () => {};
  #isClosed = false;

  private constructor(link: JetStreamLink, { stream, patienceMs, onNats = () => {} }: JetStreamOptions) {
    const { name, limits } = stream;
    this.#link = link;
    this.#stream = name;
    this.#patienceMs = patienceMs;
    this.#publisher = new JetStreamPublisher(link, { stream: name, patienceMs, notesPerPoint: limits.notesPerPoint });
    this.#reader = new StreamReader(link, {
      stream: name,
      next: () => this.#delivered + 1,
      receive: (message) => this.#receive(message),
    });
    this.#onNats = onNats;
    this.#pulse = new StreamPulse(link, { stream: name, patienceMs, changed: () => this.#tell() });
    link.onChange = () => {
      this.#publisher.linkChanged();
      if (link.isUp && this.#reading !== undefined) this.#reader.restart();
      this.#tell();
    };
  }

  /** @throws {NoteStoreError} if NATS cannot be reached or used, or the stream there has other limits */
  static async open(options: JetStreamOptions): Promise<JetStreamNotes> {
    const link = await JetStreamLink.open(options);
    try {
      checkPayload(link, options.stream.limits);
      await openStream(link.manager, options.stream, options.patienceMs);
      return new JetStreamNotes(link, options);
    } catch (error) {
      await link[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Reads the stream from its beginning to where it ends now. */
  async load(each: (notes: NoteBatch) => void): Promise<void> {
    try {
      const info = () => this.#link.manager.streams.info(this.#stream);
      const { state } = await retryWhilePassing(this.#patienceMs, info);
      this.#deliver = each;
      await this.#read();
      if (state.messages === 0) return;
      // Somebody may have deleted the last one.
      while (this.#delivered < state.last_seq && this.#pending > 0) await this.#nextArrival();
    } catch (error) {
      throw jetStreamError(error, `the stream ${this.#stream} cannot be read`);
    }
  }

  /**
   * Resolves when the notes are in the stream, and have been delivered here. A batch that is too large for one publication is in
   * the stream in parts; its sequence is then that of the last part.
   */
  async append(notes: NoteBatch): Promise<void> {
    if (this.#isClosed) throw new NoteStoreError("closed", "the notes are closed");
    await this.#read();
    await this.#publisher.append(notes);
  }

  join(deliver: Deliver): () => void {
    this.#deliver = deliver;
    return () => {
      this.#deliver = () => {};
    };
  }

  /** What was appended has been delivered. */
  publish(): undefined {}

  /** How this node stands to the stream, for metrics. */
  async standing(): Promise<StreamStanding> {
    const { isUp, manager } = this.#link;
    const last = isUp ? await manager.streams.info(this.#stream).catch(() => undefined) : undefined;
    const behind = last === undefined ? Number.NaN : Math.max(0, last.state.last_seq - this.#delivered);
    return { isConnected: isUp, behind, waiting: this.#publisher.waiting };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#pulse[Symbol.dispose]();
    // Who appends waits for this, too, and goes first.
    await this.#reading?.catch(() => {});
    await this.#publisher.flush();
    await this.#reader[Symbol.asyncDispose]();
    await this.#link[Symbol.asyncDispose]();
  }

  #tell(): void {
    const { isUp, connection } = this.#link;
    if (!isUp) this.#onNats("away");
    else this.#onNats(this.#pulse.isLed ? { server: connection.getServer() } : "leaderless");
  }

  #read(): Promise<void> {
    this.#reading ??= retryWhilePassing(this.#patienceMs, () => this.#reader.start());
    return this.#reading;
  }

  #receive(message: JsMsg): void {
    const { streamSequence, pending } = message.info;
    this.#pending = pending;
    // The first message of a publication took the others along.
    if (streamSequence > this.#delivered) {
      // Headers are looked at only while something of this node is on its way.
      const own = this.#publisher.isSending ? this.#publisher.arrived(message.headers?.get("Nats-Msg-Id")) : undefined;
      if (own === undefined) this.#deliverForeign(message.data, streamSequence);
      else this.#deliverOwn(own.publication, streamSequence - own.before);
    }
    this.#onArrival();
  }

  #deliverOwn({ batches }: Publication, first: number): void {
    for (const notes of batches) {
      notes.sequence = first;
      this.#deliver(notes);
      first += notes.count;
    }
    this.#delivered = first - 1;
  }

  #deliverForeign(data: Uint8Array, sequence: number): void {
    const notes = this.#foreign;
    const end = PREFIX_BYTES + data.length;
    notes.restart(notes.bytes.length < end ? new Uint8Array(2 * end) : notes.bytes);
    writePrefix(notes.bytes, 0, data.length);
    notes.bytes.set(data, PREFIX_BYTES);
    this.#delivered = sequence;
    // Whatever else somebody wrote into the stream is no note.
    if (!this.#note.decode(notes.bytes, PREFIX_BYTES, end) || this.#note.check() !== undefined) return;
    notes.add(0, end, this.#note.latitude, this.#note.longitude);
    notes.sequence = sequence;
    this.#deliver(notes);
  }

  #nextArrival(): Promise<void> {
    return new Promise((resolve) => {
      this.#onArrival = resolve;
    });
  }
}

function checkPayload({ connection }: JetStreamLink, { messageBytes }: StreamLimits): void {
  const most = connection.info?.max_payload ?? 0;
  const needed = messageBytes + RECORD_BYTES;
  if (needed > most) {
    throw new NoteStoreError(
      "failed",
      `NATS takes messages of ${most} bytes, notes need ${needed}: raise its max_payload`,
    );
  }
}
