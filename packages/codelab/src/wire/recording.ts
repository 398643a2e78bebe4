/** What happened on the streams between a client and a server, in the order in which it happened. */

/** What the learner's client is called as a caller. */
export const OWN_CLIENT = "your client";

export type Side = "client" | "server";

export type WireKind =
  /** The request's or the response's head. */
  | "headers"
  | "message"
  /** The client has sent its last message. */
  | "half-close"
  /** The server's last word: the status. */
  | "trailers"
  | "reset"
  /** A sender waits for the other side to read. */
  | "stall"
  | "resume"
  /** The connection is gone. */
  | "lost";

export interface WireEvent {
  /** Milliseconds since the recording began. */
  readonly atMs: number;
  /** The stream it happened on. */
  readonly call: number;
  /** Who did it. */
  readonly from: Side;
  readonly kind: WireKind;
  /** For people: `Feature "Patriots Path, ..."`, `OK`, `CANCEL`. */
  readonly text: string;
}

/** One stream. */
export interface RecordedCall {
  readonly id: number;
  /** Who calls: a traveller's name. */
  readonly caller: string;
  /** The method's name, without its service. */
  readonly method: string;
}

/** Events that are recorded: what follows is left out, however long programs go on. */
const MAX_EVENTS = 20_000;

export class Recording {
  readonly calls: RecordedCall[] = [];
  readonly events: WireEvent[] = [];
  readonly #now: () => number;
  readonly #startedMs: number;
  #opened = 0;
  readonly #listeners = new Set<(event: WireEvent, call: RecordedCall) => void>();

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#startedMs = now();
  }

  /** Begins a stream. */
  open(caller: string, path: string): RecordedCall {
    const call = { id: this.#opened++, caller, method: path.slice(path.lastIndexOf("/") + 1) };
    if (this.events.length < MAX_EVENTS) this.calls.push(call);
    return call;
  }

  add(call: RecordedCall, from: Side, kind: WireKind, text: string): void {
    if (this.events.length >= MAX_EVENTS) return;
    const event = { atMs: this.#now() - this.#startedMs, call: call.id, from, kind, text };
    this.events.push(event);
    for (const listener of this.#listeners) listener(event, call);
  }

  /** Tells of what has happened, then of each event as it comes, until the function that is returned is called. */
  listen(listener: (event: WireEvent, call: RecordedCall) => void): () => void {
    for (const event of this.events) {
      const call = this.calls[event.call];
      if (call !== undefined) listener(event, call);
    }
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
