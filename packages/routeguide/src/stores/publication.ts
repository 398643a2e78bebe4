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

  /**
   * Takes what goes together from the front of a queue, which is not empty.
   *
   * @param first the number of the first message
   * @param mostAtPoint how many notes at one point go together: of more, the stream would let the first ones go before anybody
   *   had read them
   */
  constructor(queue: Append[], stream: string, first: number, mostAtPoint: number) {
    this.first = first;
    const atPoint = new Map<string, number>();
    let bytes = 0;
    const take = (notes: NoteBatch, i: number): boolean => {
      const subject = subjectOf(stream, notes.latitude(i), notes.longitude(i));
      const count = (atPoint.get(subject) ?? 0) + 1;
      bytes += notes.end(i) - notes.start(i);
      if (count > mostAtPoint || (this.count > 0 && bytes > MOST_BYTES) || this.count === MOST_MESSAGES) return false;
      atPoint.set(subject, count);
      this.subjects.push(subject);
      // A copy: the client may still hold it when nobody waits for it any more.
      this.payloads.push(notes.bytes.slice(notes.start(i) + PREFIX_BYTES, notes.end(i)));
      return true;
    };
    for (let append = queue[0]; append !== undefined && this.cut === undefined; append = queue[0]) {
      const { notes } = append;
      let taken = 0;
      while (taken < notes.count && take(notes, taken)) taken++;
      if (taken === notes.count) {
        queue.shift();
        this.batches.push(notes);
        this.appends.push(append);
      } else {
        if (taken > 0) this.batches.push(notes.takeFirst(taken));
        if (taken > 0) this.cut = append;
        else break;
      }
    }
  }

  get count(): number {
    return this.payloads.length;
  }
}
