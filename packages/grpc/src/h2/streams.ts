import { type Fields, type HeaderBlock, type Peer, ResetCode } from "../exchange.js";
import { ClosedStreams } from "./closed-streams.js";
import { Floods } from "./floods.js";
import type { Limits } from "./limits.js";
import type { RequestHead } from "./message-head.js";
import type { Sender } from "./sender.js";
import { H2Stream, Receiving, Sending, type StreamHost } from "./stream.js";
import { StreamTable } from "./stream-table.js";
import { Violation } from "./violation.js";
import { consume, fits, type ReceiveWindow, receive, unconsumed } from "./window.js";
import { DEFAULT_WINDOW } from "./wire.js";

/** What the streams tell their connection. */
export interface StreamsEvents {
  /** The connection cannot go on. */
  fail(violation: Violation): void;
  /** Something ended a stream early that deserves a name. */
  note(violation: Violation): void;
  /** A place among the concurrent streams has become free. */
  freed(): void;
}

export interface StreamsOptions {
  readonly peer: Peer;
  readonly limits: Limits;
  /** Milliseconds. */
  readonly now: number;
}

/** The streams of a connection: how they open, end and close, and the windows that they receive through. */
export class Streams implements StreamHost {
  readonly peer: Peer;
  /** Places taken: open streams, and closed ones whose handler has not settled. */
  taken = 0;
  /** What a new stream may send. */
  initialWindow = DEFAULT_WINDOW;
  maxHeaderListBytes = Number.POSITIVE_INFINITY;
  readonly closed = new ClosedStreams();
  readonly floods: Floods;
  /** Milliseconds, as of the last read or tick. */
  now: number;
  readonly #isServer: boolean;
  readonly #limits: Limits;
  readonly #sender: Sender;
  readonly #events: StreamsEvents;
  readonly #open = new StreamTable();
  readonly #window: ReceiveWindow;
  readonly #windowBytes: number;
  /** Whether all sinks that were brought anything by the current read have said that they are done with it. */
  #isUsed = true;
  /** Streams that the current read has brought data, up to a count: an array that is emptied lets its memory go. */
  readonly #touched: (H2Stream | undefined)[] = [];
  #touchedCount = 0;

  constructor(options: StreamsOptions, isServer: boolean, sender: Sender, events: StreamsEvents) {
    const { limits, now } = options;
    this.peer = options.peer;
    this.#isServer = isServer;
    this.#limits = limits;
    this.#sender = sender;
    this.now = now;
    this.floods = new Floods(limits, now);
    this.#events = events;
    // The protocol has no way to make it smaller.
    this.#windowBytes = Math.max(DEFAULT_WINDOW, limits.connectionWindowBytes);
    this.#window = { credit: this.#windowBytes, owed: 0 };
  }

  get size(): number {
    return this.#open.size;
  }

  get(id: number): H2Stream | undefined {
    return this.#open.get(id);
  }

  /** As they are now: whoever goes through them may close some. */
  all(): H2Stream[] {
    return this.#open.all();
  }

  /** Makes a stream. With the number 0 it waits, and takes no place yet. */
  create(request: RequestHead, id: number): H2Stream {
    const window = this.#limits.streamWindowBytes;
    const stream = new H2Stream(this, request, id, this.#isServer, this.initialWindow, window);
    if (id > 0) this.enter(stream);
    return stream;
  }

  /** Takes a place for a stream that has its number. */
  enter(stream: H2Stream): void {
    this.#open.add(stream);
    this.taken++;
  }

  // What the exchange asks for.

  head(stream: H2Stream, block: HeaderBlock, status: number): void {
    stream.sending = Sending.Body;
    this.#sender.headers(stream.id, block, statusFields(status), false);
  }

  write(stream: H2Stream, bytes: Uint8Array, start: number, end: number): boolean {
    return this.#sender.write(stream, bytes, start, end);
  }

  end(stream: H2Stream, trailers: HeaderBlock | undefined): void {
    if (stream.sending === Sending.Head) {
      stream.sending = Sending.Ended;
      this.#sender.headers(stream.id, trailers ?? NO_TRAILERS, statusFields(200), true);
      this.sendingEnded(stream);
    } else {
      this.#sender.end(stream, trailers);
    }
  }

  reset(stream: H2Stream, code: ResetCode): void {
    this.#sendReset(stream.id, code);
    this.close(stream, code);
  }

  consumed(stream: H2Stream, bytes: number): void {
    const taken = Math.min(bytes, unconsumed(stream, this.#limits.streamWindowBytes));
    const increment = consume(stream, taken, this.#limits.streamWindowBytes);
    if (increment > 0 && stream.receiving !== Receiving.Ended) this.#sender.windowUpdate(stream.id, increment);
    this.giveBack(taken);
  }

  released(_stream: H2Stream): void {
    this.taken--;
    this.#events.freed();
  }

  // What the frames bring.

  /** Tells the peer of the connection's window. */
  announce(): void {
    if (this.#windowBytes > DEFAULT_WINDOW) this.#sender.windowUpdate(0, this.#windowBytes - DEFAULT_WINDOW);
  }

  /** Spends the connection's window. False: the peer had no right to send so much. */
  spend(bytes: number): boolean {
    return receive(this.#window, bytes);
  }

  /** Gives window of the connection back. */
  giveBack(bytes: number): void {
    const increment = consume(this.#window, bytes, this.#windowBytes);
    if (increment > 0) this.#sender.windowUpdate(0, increment);
  }

  /** A DATA frame begins. Padding is given back at once. Returns what ends the stream. */
  dataBegins(stream: H2Stream, length: number, padding: number): Violation | undefined {
    const isAllowed = receive(stream, length);
    if (stream.receiving === Receiving.Ended) return Violation.ClosedStream;
    if (stream.receiving === Receiving.Head) return Violation.MalformedResponse;
    if (!isAllowed) return Violation.WindowExceeded;
    if (padding > 0) this.consumed(stream, padding);
    if (stream.announced >= 0) {
      const left = stream.announced - (length - padding);
      if (left < 0) return Violation.ContentLength;
      stream.announced = left;
    }
    return undefined;
  }

  /**
   * Bytes of the body.
   *
   * @param isLast whether the end of the body follows at once, and so no turn
   */
  data(stream: H2Stream, bytes: Uint8Array, start: number, end: number, isLast: boolean): void {
    if (!isLast && !stream.isTouched) {
      stream.isTouched = true;
      this.#touched[this.#touchedCount++] = stream;
    }
    stream.sink?.data(bytes, start, end);
  }

  /** The peer has ended its side. */
  receivingEnded(stream: H2Stream, trailers: Fields): void {
    if (stream.announced > 0) {
      this.refuse(stream, Violation.ContentLength);
      return;
    }
    stream.receiving = Receiving.Ended;
    if (stream.sink?.end(trailers) !== true) this.#isUsed = false;
    if (stream.sending === Sending.Ended) this.close(stream, undefined);
  }

  /** Our side has ended, down to the last frame. */
  sendingEnded(stream: H2Stream): void {
    if (stream.receiving === Receiving.Ended) {
      this.close(stream, undefined);
    } else if (this.#isServer) {
      this.#sendReset(stream.id, ResetCode.NoError);
      this.close(stream, ResetCode.NoError);
    }
  }

  /** The read has been worked off. Returns whether nobody looks at what it brought any more. */
  turn(): boolean {
    const touched = this.#touched;
    const count = this.#touchedCount;
    // Nobody reads during the loop, so nothing is added.
    for (let i = 0; i < count; i++) {
      const stream = touched[i] as H2Stream;
      touched[i] = undefined;
      stream.isTouched = false;
      if (stream.closed || stream.receiving === Receiving.Ended) continue;
      if (stream.sink?.turn() !== true) this.#isUsed = false;
    }
    this.#touchedCount = 0;
    const isUsed = this.#isUsed;
    this.#isUsed = true;
    return isUsed;
  }

  /** Something deserves to be counted, and is dealt with. */
  note(violation: Violation): void {
    this.#events.note(violation);
  }

  /** Resets a stream whose peer broke the protocol. */
  refuse(stream: H2Stream, violation: Violation): void {
    if (stream.closed) return;
    this.refuseId(stream.id, violation);
    // A server's handlers are not told why, and attacks are not to cost an error each.
    this.close(stream, violation.code, this.#isServer ? undefined : violationError(violation));
  }

  /** The same for a stream that is not there, or not any more. */
  refuseId(id: number, violation: Violation): void {
    this.note(violation);
    this.#sendReset(id, violation.code);
    const flood = this.floods.ownReset(this.now);
    if (flood !== undefined) this.#events.fail(flood);
  }

  /**
   * Refuses a stream for want of a place: no offence, as the peer counts only open streams, and may not have our
   * SETTINGS yet.
   */
  turnAway(id: number): void {
    this.note(Violation.MaxStreams);
    this.#sendReset(id, ResetCode.RefusedStream);
  }

  /** SETTINGS_INITIAL_WINDOW_SIZE holds for all streams, back to the first byte. False: a window has overflowed. */
  setInitialWindow(bytes: number): boolean {
    const change = bytes - this.initialWindow;
    this.initialWindow = bytes;
    for (const stream of this.#open.all()) {
      if (!fits(stream.sendWindow, change)) return false;
      stream.sendWindow += change;
      this.#sender.resume(stream);
    }
    return true;
  }

  /** Resets the streams whose reader has taken nothing for too long: what they hold is held for nobody. */
  dropStalled(now: number): void {
    for (const stream of this.#open.all()) {
      if (stream.queue === undefined) continue;
      if (stream.stalledSince === 0) stream.stalledSince = now;
      if (now - stream.stalledSince < this.#limits.stallMs) continue;
      this.note(Violation.StalledReader);
      this.reset(stream, Violation.StalledReader.code);
    }
  }

  /** Closes a stream: nothing is sent or brought any more. */
  close(stream: H2Stream, code: ResetCode | undefined, reason?: Error): void {
    if (stream.closed) return;
    stream.closed = true;
    stream.code = code;
    // A sink that is cut off is not asked what it keeps.
    if (code !== undefined) this.#isUsed = false;
    this.#sender.drop(stream);
    if (stream.id > 0) {
      this.#open.remove(stream);
      this.closed.ended(stream.id);
      const unread = unconsumed(stream, this.#limits.streamWindowBytes);
      if (unread > 0) this.giveBack(unread);
    }
    // The sink may release it in there, which then counts by itself.
    const isReleased = stream.isReleased;
    stream.sink?.closed(code, reason);
    if (stream.id > 0 && isReleased) this.released(stream);
  }

  #sendReset(id: number, code: ResetCode): void {
    if (id === 0) return;
    this.closed.reset(id);
    this.#sender.reset(id, code < 0 ? ResetCode.Cancel : code);
  }
}

/** What the server did wrong, for whoever called it. */
function violationError(violation: Violation): Error {
  if (violation !== Violation.HeaderList) return new Error(`the response breaks a rule of HTTP/2: ${violation.name}`);
  return new Error(
    "the response's header fields are larger than the limits maxHeaderListBytes and maxHeaderFields allow",
  );
}

const NO_TRAILERS: HeaderBlock = { fields: [] };

const STATUS_200: Fields = [":status", "200"];

function statusFields(status: number): Fields {
  return status === 200 ? STATUS_200 : [":status", String(status)];
}
