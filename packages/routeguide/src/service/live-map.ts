import { Envelopes, type ServiceImpl } from "@routeguide/grpc";
import type { Atlas } from "../atlas/atlas.js";
import type { Rectangle as Corners } from "../contract/gen/routeguide/route_guide_pb.js";
import type { LiveMap } from "../contract/gen/routeguide/v1/map_pb.js";
import { Invalid } from "../geo/invalid.js";
import type { Rectangle } from "../geo/rectangle.js";
import type { NoteBoard } from "../notes/note-board.js";
import { mailboxError } from "./chat-error.js";
import { checkedRectangle } from "./checked-rectangle.js";
import { invalidArgument } from "./invalid-argument.js";
import { asEnvelopes } from "./list-features.js";

/** The service routeguide.v1.LiveMap over these features and notes. */
export function liveMap(atlas: Atlas, board: NoteBoard): ServiceImpl<typeof LiveMap> {
  return {
    listTopFeatures({ area, limit }) {
      const rectangle = checkedArea(area);
      checkCount("limit", limit);
      return asEnvelopes(atlas.topRuns(rectangle, limit === 0 ? Number.POSITIVE_INFINITY : limit));
    },
    watchNotes({ area, recent }, call) {
      const rectangle = checkedArea(area);
      checkCount("recent", recent);
      // There may be nothing to send for long, and the caller wants to know that it is heard.
      call.sendHeader();
      return watchNotes(board, rectangle, recent, call.signal);
    },
  };
}

/** Gives what arrives in a mailbox until the call ends: nobody else ends a watch, but a server that stops. */
async function* watchNotes(board: NoteBoard, area: Rectangle, recent: number, signal: AbortSignal) {
  let wake = () => {};
  const mailbox = board.join(() => wake());
  // A generator that waits cannot be ended from outside: the mailbox, once closed, wakes it.
  const leave = () => board.leave(mailbox);
  signal.addEventListener("abort", leave, { once: true });
  try {
    board.watch(mailbox, area, recent);
    while (!signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const mail = mailbox.take();
      if (mail !== undefined) yield new Envelopes(mail.bytes, mail.count, mail.start, mail.end);
      else if (mailbox.fault !== undefined) throw mailboxError(mailbox.fault, board.limits);
      else if (mailbox.isClosed) return;
      else await woken;
    }
  } finally {
    signal.removeEventListener("abort", leave);
    leave();
  }
}

function checkedArea(area: Corners | undefined): Rectangle {
  if (area === undefined) throw invalidArgument([new Invalid("area", "absent", "the rectangle to look at")]);
  return checkedRectangle(area, "area.");
}

function checkCount(field: string, count: number): void {
  if (count < 0) throw invalidArgument([new Invalid(field, String(count), "0 or more")]);
}
