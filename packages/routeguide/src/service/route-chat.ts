import { Envelopes, type Requests } from "@routeguide/grpc";
import type { RouteNote } from "../contract/gen/routeguide/route_guide_pb.js";
import type { Mailbox } from "../notes/mailbox.js";
import type { NoteBoard } from "../notes/note-board.js";
import { NoteStoreError } from "../notes/note-store.js";
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
): AsyncIterable<Envelopes> {
  return { [Symbol.asyncIterator]: () => new Chat(board, requests, onError) };
}

type Result = IteratorResult<Envelopes, undefined>;

const DONE: Result = { done: true, value: undefined };
/** A microtask by way of a promise takes a third of the time that queueMicrotask() does. */
const SOON = Promise.resolve();

/**
 * The replies of one chat, and the loop that posts. Not a generator: that would take three more turns of the microtask queue for
 * each piece of mail, and could not be told to return while it waits.
 */
class Chat implements AsyncIterator<Envelopes, undefined> {
  readonly #board: NoteBoard;
  readonly #mailbox: Mailbox;
  readonly #onError: (error: NoteStoreError) => void;
  /** Set when no more notes will be posted: the client has half-closed, or there is an error. */
  #end: { readonly error?: unknown } | undefined;
  /** What `next()` waits for. */
  #waiting: { resolve(result: Result): void; reject(error: unknown): void } | undefined;

  constructor(board: NoteBoard, requests: Requests<RouteNote>, onError: (error: NoteStoreError) => void) {
    this.#board = board;
    this.#onError = onError;
    this.#mailbox = board.join(() => void SOON.then(this.#goOn));
    void this.#post(requests);
  }

  next(): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#goOn();
    });
  }

  /** Nobody wants more: the call has ended. */
  return(): Promise<Result> {
    this.#settle(DONE);
    return Promise.resolve(DONE);
  }

  async #post(requests: Requests<RouteNote>): Promise<void> {
    const poster = new NotePoster(this.#board, this.#mailbox);
    try {
      await requests.forEachBatch((batch) => (this.#mailbox.isClosed ? undefined : poster.post(batch)));
      if (this.#mailbox.isClosed) return;
      this.#end = {};
    } catch (error) {
      this.#end = { error };
    }
    this.#board.stopHearing(this.#mailbox);
    this.#goOn();
  }

  /** Gives what there is to whoever waits for it. */
  readonly #goOn = (): void => {
    if (this.#waiting === undefined) return;
    const mail = this.#mailbox.take();
    if (mail !== undefined) {
      const { resolve } = this.#waiting;
      this.#waiting = undefined;
      resolve({ done: false, value: new Envelopes(mail.bytes, mail.count, mail.start, mail.end) });
    } else if (this.#mailbox.fault !== undefined) {
      this.#fail(mailboxError(this.#mailbox.fault, this.#board.limits));
    } else if (this.#end !== undefined) {
      if (this.#end.error === undefined) this.#settle(DONE);
      else this.#fail(this.#end.error);
    }
  };

  #settle(result: Result): void {
    this.#board.leave(this.#mailbox);
    this.#waiting?.resolve(result);
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
