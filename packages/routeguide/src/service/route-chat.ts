import { type Batch, Envelopes, type Later, type Requests, type Source, type SourceIterator } from "@routeguide/grpc";
import type { RouteNote } from "../contract/gen/routeguide/route_guide_pb.js";
import type { Mailbox } from "../notes/mailbox.js";
import type { NoteBoard } from "../notes/note-board.js";
import { NoteStoreError } from "../notes/note-store.js";
import type { Mail } from "../notes/range-queue.js";
import { mailboxError, storeError } from "./chat-error.js";
import { NotePoster } from "./note-poster.js";

/**
 * One chat: posts the notes that come, and gives what arrives in its mailbox. Ends when the client has half-closed and all replies
 * are out; what others post from then on is not waited for. A client that does not read finds, when it does, that its chat has
 * been ended: the mailbox is closed as soon as it is full, and with it goes all that the chat took.
 *
 * @param onError told why notes could not be kept, which the caller is not
 */
export function routeChat(
  board: NoteBoard,
  requests: Requests<RouteNote>,
  onError: (error: NoteStoreError) => void,
): Source<Envelopes> {
  return { [Symbol.asyncIterator]: () => new Chat(board, requests, onError) };
}

type Result = IteratorResult<Envelopes, undefined>;

const DONE: Result = { done: true, value: undefined };
/** A microtask by way of a promise takes a third of the time that queueMicrotask() does. */
const SOON = Promise.resolve();

/**
 * The replies of one chat, and the loop that posts. What a read brings is answered before the next is looked at; what others post
 * comes once a turn.
 */
class Chat implements SourceIterator<Envelopes> {
  readonly #board: NoteBoard;
  readonly #mailbox: Mailbox;
  readonly #poster: NotePoster;
  readonly #onError: (error: NoteStoreError) => void;
  #isPosting = false;
  /** Set when no more notes will be posted: the client has half-closed, or there is an error. */
  #end: { readonly error?: unknown } | undefined;
  /** Who waits for what comes next. */
  #waiting: { resolve(result: Result): void; reject(error: unknown): void } | undefined;

  constructor(board: NoteBoard, requests: Requests<RouteNote>, onError: (error: NoteStoreError) => void) {
    this.#board = board;
    this.#onError = onError;
    this.#mailbox = board.join(() => {
      if (!this.#isPosting) void SOON.then(this.#goOn);
    });
    this.#poster = new NotePoster(board, this.#mailbox);
    void this.#postAll(requests);
  }

  next(): Result | Later<Result> {
    const mail = this.#mailbox.take();
    return mail === undefined ? this.#later : given(mail);
  }

  readonly #later: Later<Result> = {
    // biome-ignore lint/suspicious/noThenProperty: it is meant to be waited for
    then: (resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#goOn();
    },
  };

  /** The call has ended. */
  return(): void {
    this.#waiting = undefined;
    this.#board.leave(this.#mailbox);
  }

  async #postAll(requests: Requests<RouteNote>): Promise<void> {
    try {
      await requests.forEachBatch((batch) => this.#post(batch));
      if (this.#mailbox.isClosed) return;
      this.#end = {};
    } catch (error) {
      this.#end = { error };
    }
    this.#board.stopHearing(this.#mailbox);
    this.#goOn();
  }

  #post(batch: Batch<RouteNote>): Promise<void> | undefined {
    if (this.#mailbox.isClosed) return undefined;
    this.#isPosting = true;
    try {
      return this.#poster.post(batch);
    } finally {
      this.#isPosting = false;
      this.#goOn();
    }
  }

  /** Gives what there is to whoever waits for it. */
  readonly #goOn = (): void => {
    if (this.#waiting === undefined) return;
    const mail = this.#mailbox.take();
    if (mail !== undefined) {
      const { resolve } = this.#waiting;
      this.#waiting = undefined;
      resolve(given(mail));
    } else if (this.#mailbox.fault !== undefined) {
      this.#fail(mailboxError(this.#mailbox.fault, this.#board.limits));
    } else if (this.#end !== undefined) {
      if (this.#end.error === undefined) this.#done();
      else this.#fail(this.#end.error);
    }
  };

  #done(): void {
    this.#board.leave(this.#mailbox);
    this.#waiting?.resolve(DONE);
    this.#waiting = undefined;
  }

  #fail(error: unknown): void {
    this.#board.leave(this.#mailbox);
    const isOurs = error instanceof NoteStoreError;
    if (isOurs) this.#onError(error);
    this.#waiting?.reject(isOurs ? storeError(error) : error);
    this.#waiting = undefined;
  }
}

const given = ({ bytes, count, start, end }: Mail): Result => ({
  done: false,
  value: new Envelopes(bytes, count, start, end),
});
