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
export async function* routeChat(
  board: NoteBoard,
  requests: Requests<RouteNote>,
  onError: (error: NoteStoreError) => void,
): AsyncGenerator<Envelopes, void, undefined> {
  const mailbox = board.join();
  const chat: { end?: { readonly error: unknown } } = {};
  const posting = postAll(board, mailbox, requests).then(
    () => undefined,
    (error: unknown) => error,
  );
  void posting.then((error) => {
    chat.end = { error };
    board.stopHearing(mailbox);
    mailbox.wake();
  });
  try {
    for (;;) {
      const mail = mailbox.take();
      if (mail !== undefined) yield new Envelopes(mail.bytes, mail.count);
      else if (mailbox.fault !== undefined) throw mailboxError(mailbox.fault, board.limits);
      else if (chat.end === undefined) await mailbox.mail();
      else if (chat.end.error === undefined) return;
      else throw chat.end.error instanceof NoteStoreError ? refused(chat.end.error, onError) : chat.end.error;
    }
  } finally {
    board.leave(mailbox);
  }
}

async function postAll(board: NoteBoard, mailbox: Mailbox, requests: Requests<RouteNote>): Promise<void> {
  const poster = new NotePoster(board, mailbox);
  for await (const batch of requests.batches()) {
    await poster.post(batch);
    if (mailbox.isClosed) return;
  }
}

function refused(error: NoteStoreError, onError: (error: NoteStoreError) => void): unknown {
  onError(error);
  return storeError(error);
}
