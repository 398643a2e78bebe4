import { Code, RpcError } from "@routeguide/grpc";
import type { MailboxFault } from "../notes/mailbox.js";
import type { NoteLimits } from "../notes/note-limits.js";
import type { NoteStoreError } from "../notes/note-store.js";

/** What a stream is told when the board has closed its mailbox. */
export function mailboxError(fault: MailboxFault, limits: NoteLimits): RpcError {
  switch (fault) {
    case "full":
      return exhausted(
        `more than ${limits.mailboxBytes} bytes of notes waited to be read: read faster, or post at fewer points`,
      );
    case "too-many-points":
      return exhausted(
        `one stream may hear of ${limits.pointsPerStream} points: post at fewer, or open another stream`,
      );
    case "too-many-listeners":
      return exhausted("more is listened to than this server can remember: try again later");
    case "too-many-watchers":
      return exhausted(`${limits.watchers} streams watch areas already: try again later`);
    case "stopping":
      return new RpcError(Code.Unavailable, "the server is stopping");
  }
}

/** What a chat is told when its notes could not be kept. Why, is for the operator. */
export function storeError(error: NoteStoreError): RpcError {
  return error.fault === "full"
    ? new RpcError(Code.ResourceExhausted, "there is no space left to keep notes", { cause: error })
    : new RpcError(Code.Unavailable, "notes cannot be kept now: try again later", { cause: error });
}

const exhausted = (message: string) => new RpcError(Code.ResourceExhausted, message);
