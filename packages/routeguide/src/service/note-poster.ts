import type { Batch } from "@routeguide/grpc";
import { noteEnvelope, PREFIX_BYTES } from "../contract/envelope-writer.js";
import type { RouteNote } from "../contract/gen/routeguide/route_guide_pb.js";
import { hasPrefix, PlainNoteReader } from "../contract/plain-note-reader.js";
import { Invalid } from "../geo/invalid.js";
import { checkPoint, isOnEarth } from "../geo/point.js";
import type { Mailbox } from "../notes/mailbox.js";
import { NoteBatch } from "../notes/note-batch.js";
import type { NoteBoard } from "../notes/note-board.js";
import { invalidArgument } from "./invalid-argument.js";

/** How many mailboxes full of replies one post may bring. What would bring more waits until those have been taken. */
const REPLIES_AT_ONCE = 4;

const NO_BYTES = new Uint8Array(0);
const reader = new PlainNoteReader();
const utf8 = new TextEncoder();

/** Posts what one stream sends: as many notes at once as came together, as long as the stream reads its replies. */
export class NotePoster {
  readonly #board: NoteBoard;
  readonly #mailbox: Mailbox;
  /** Notes that were read and not posted yet. */
  readonly #notes: NoteBatch;
  /** The note that was read last: its envelope is #bytes[#start, #end). */
  #bytes: Uint8Array = NO_BYTES;
  #start = 0;
  #end = 0;
  #latitude = 0;
  #longitude = 0;

  constructor(board: NoteBoard, mailbox: Mailbox) {
    this.#board = board;
    this.#mailbox = mailbox;
    this.#notes = new NoteBatch(NO_BYTES, mailbox);
  }

  /**
   * Posts the notes of one read, in their order. If one is refused, those before it are posted.
   *
   * @returns nothing if that is done, else a promise that resolves when it is: nothing is waited for that need not be
   * @throws {RpcError} at once or as a rejection, if a note is malformed, or not one that is taken
   * @throws {NoteStoreError} as a rejection, if they cannot be kept
   */
  post(batch: Batch<RouteNote>): Promise<void> | undefined {
    return this.#postFrom(batch, 0);
  }

  #postFrom(batch: Batch<RouteNote>, first: number): Promise<void> | undefined {
    for (let i = first; i < batch.count; i++) {
      try {
        this.#read(batch, i);
      } catch (error) {
        const posted = this.#postRead();
        if (posted === undefined) throw error;
        return posted.then(() => Promise.reject(error));
      }
      if (this.#bytes !== this.#notes.bytes && this.#notes.count > 0) {
        const posted = this.#postRead();
        if (posted !== undefined) return posted.then(() => this.#postFrom(batch, i));
      }
      this.#gather();
    }
    return this.#postRead();
  }

  #read(batch: Batch<RouteNote>, i: number): void {
    const { bytes } = batch;
    const start = batch.starts[i] as number;
    const end = batch.ends[i] as number;
    if (!reader.read(bytes, start, end) || !hasPrefix(bytes, start, end)) {
      this.#encode(batch.at(i));
      return;
    }
    // The envelope as it came is the one that all will be sent.
    this.#check(reader.latitude, reader.longitude, reader.messageBytes);
    this.#bytes = bytes;
    this.#start = start - PREFIX_BYTES;
    this.#end = end;
    this.#latitude = reader.latitude;
    this.#longitude = reader.longitude;
  }

  /** A note that came in parts, compressed, as JSON, or written otherwise than we do. */
  #encode({ location, message }: RouteNote): void {
    if (location === undefined) {
      throw invalidArgument([new Invalid("location", "absent", "the point at which to leave the note")]);
    }
    const text = utf8.encode(message);
    this.#check(location.latitude, location.longitude, text.length);
    this.#bytes = noteEnvelope(location.latitude, location.longitude, text, 0, text.length);
    this.#start = 0;
    this.#end = this.#bytes.length;
    this.#latitude = location.latitude;
    this.#longitude = location.longitude;
  }

  #check(latitude: number, longitude: number, messageBytes: number): void {
    const { messageBytes: most } = this.#board.limits;
    if (isOnEarth(latitude, longitude) && messageBytes <= most) return;
    const invalid = checkPoint(latitude, longitude, "location.");
    throw invalidArgument([invalid ?? new Invalid("message", `${messageBytes} bytes long`, `at most ${most} bytes`)]);
  }

  #gather(): void {
    if (this.#notes.count === 0) this.#notes.restart(this.#bytes);
    this.#notes.add(this.#start, this.#end, this.#latitude, this.#longitude);
  }

  /** Posts what was gathered, as much at once as the stream may be sent replies to. */
  #postRead(): Promise<void> | undefined {
    while (this.#notes.count > 0) {
      const posted = this.#postFitting();
      if (posted !== undefined) return posted.then(() => this.#postRead());
    }
    return undefined;
  }

  #postFitting(): Promise<void> | undefined {
    const gathered = this.#notes;
    const fitting = this.#board.fitting(gathered, REPLIES_AT_ONCE * this.#board.limits.mailboxBytes);
    const notes = fitting === gathered.count ? gathered : gathered.takeFirst(fitting);
    const kept = this.#board.post(notes);
    if (kept !== undefined) return this.#whenKept(kept, notes);
    if (notes === gathered) gathered.restart(NO_BYTES);
    return this.#isAhead ? this.#untilRead() : undefined;
  }

  async #whenKept(kept: Promise<void>, notes: NoteBatch): Promise<void> {
    await kept;
    if (notes === this.#notes) this.#notes.restart(NO_BYTES);
    await this.#untilRead();
  }

  /** Whether more replies wait than the stream should have unread. */
  get #isAhead(): boolean {
    return !this.#mailbox.isClosed && this.#mailbox.bytes > this.#board.limits.mailboxBytes;
  }

  async #untilRead(): Promise<void> {
    while (this.#isAhead) await this.#mailbox.room();
  }
}
