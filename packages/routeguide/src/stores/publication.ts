import { PREFIX_BYTES } from "../contract/envelope-writer.js";
import type { NoteBatch } from "../notes/note-batch.js";
import { subjectOf } from "./jetstream-stream.js";

/** A batch that waits to be kept, and whoever waits for that. */
export interface Append {
  readonly notes: NoteBatch;
  resolve(): void;
  reject(reason: unknown): void;
}

/** What JetStream takes at once by default. */
const MOST_MESSAGES = 1000;
const MOST_BYTES = 1024 * 1024;

/**
 * Notes that get into the stream together: all of them, one after the other with nothing between them, or none. Their messages are
 * numbered, so that they are known when they come back.
 */
export class Publication {
  /** The number of the first message. */
  readonly first: number;
  readonly subjects: string[] = [];
  readonly payloads: Uint8Array[] = [];
  readonly batches: NoteBatch[] = [];
  /** Whose last notes are among these. */
  readonly appends: Append[] = [];
  /** Of whose notes only the first are among these: the rest is still in the queue, at its front. */
  cut: Append | undefined;
  /** JetStream says that it has them. */
  isStored = false;
  /** They have come back from the stream. */
  hasArrived = false;
  readonly #stream: string;
  readonly #mostAtPoint: number;
  readonly #atPoint = new Map<string, number>();
  #bytes = 0;

  /**
   * @param stream the stream's name
   * @param mostAtPoint how many notes at one point go together: of more, the stream would let the first ones go before anybody
   *   had read them
   */
  constructor(stream: string, first: number, mostAtPoint: number) {
    this.first = first;
    this.#stream = stream;
    this.#mostAtPoint = mostAtPoint;
  }

  get count(): number {
    return this.payloads.length;
  }

  /** Takes what goes together from the front of a queue: at least one note, if there is one. */
  fill(queue: Append[]): void {
    for (let append = queue[0]; append !== undefined; append = queue[0]) {
      const { notes } = append;
      let taken = 0;
      while (taken < notes.count && this.#take(notes, taken)) taken++;
      if (taken < notes.count) {
        if (taken === 0) return;
        this.batches.push(notes.takeFirst(taken));
        this.cut = append;
        return;
      }
      queue.shift();
      this.batches.push(notes);
      this.appends.push(append);
    }
  }

  /** Returns whether the note goes together with those that were taken. */
  #take(notes: NoteBatch, i: number): boolean {
    const subject = subjectOf(this.#stream, notes.latitude(i), notes.longitude(i));
    const atPoint = (this.#atPoint.get(subject) ?? 0) + 1;
    const bytes = this.#bytes + notes.end(i) - notes.start(i);
    if (this.count > 0 && (this.count === MOST_MESSAGES || bytes > MOST_BYTES || atPoint > this.#mostAtPoint))
      return false;
    this.#atPoint.set(subject, atPoint);
    this.#bytes = bytes;
    this.subjects.push(subject);
    // A copy: the client may still hold it when nobody waits for it any more.
    this.payloads.push(notes.bytes.slice(notes.start(i) + PREFIX_BYTES, notes.end(i)));
    return true;
  }
}
