/**
 * The dialect of improbable-eng's grpc-web, which nice-grpc-web speaks too: a WebSocket for each call. Its path is the call's. The
 * first message has the request's fields as lines, each later one begins with a byte that says what it is: 0 a piece of the body, 1 the
 * end. The response is one of gRPC-Web, in pieces, its head as an envelope in front.
 */
import type { Accept, Exchange, Fields, HeaderBlock, Peer, Sink } from "../exchange.js";
import { ResetCode } from "../exchange.js";
import { SendQueue } from "../h2/send-queue.js";
import type { WebSocketLimits } from "./web-socket-limits.js";
import type { MessageSocket } from "./web-socket-outbox.js";
import { CloseCode, closeCodeOf, type SocketViolation } from "./web-socket-violation.js";
import { FRAME_BYTES, fieldsIn, linesFrame, linesIn, MAX_MESSAGE_BYTES } from "./web-socket-wire.js";

/** The subprotocol's name. */
export const GRPC_WEBSOCKETS = "grpc-websockets";

/** What a later message begins with. */
const BODY = 0;
const END = 1;
/** The flag of an envelope that holds fields, as in gRPC-Web. */
const FIELDS_FLAG = 0x80;
const ENVELOPE_BYTES = 5;

export interface GrpcWebSocketsOptions {
  readonly socket: MessageSocket & { pause(): void; resume(): void };
  readonly peer: Peer;
  readonly authority: string;
  readonly path: string;
  readonly limits: WebSocketLimits;
  readonly accept: Accept;
  readonly defer: (callback: () => void) => void;
  readonly now: () => number;
}

/** The server's end of such a socket, and the one exchange that it carries. It does no I/O. */
export class GrpcWebSocketsSide implements Exchange {
  readonly verb = "POST";
  readonly path: string;
  readonly authority: string;
  readonly peer: Peer;
  /** Set with the first message. */
  fields: Fields = [];
  readonly #options: GrpcWebSocketsOptions;
  readonly #openedAt: number;
  #sink: Sink | undefined;
  #headSent = false;
  #isEnding = false;
  #peerEnded = false;
  #isClosed = false;
  #isFlushDue = false;
  #inReceive = false;
  /** The response's head, until it is sent: in a message of its own, or improbable-eng's client overlooks what comes behind it. */
  #head: Uint8Array | undefined;
  readonly #queue = new SendQueue();
  #isBlocked = false;
  #stalledSince = 0;
  #unread = 0;
  #isPaused = false;

  constructor(options: GrpcWebSocketsOptions) {
    this.#options = options;
    this.path = options.path;
    this.authority = options.authority;
    this.peer = options.peer;
    this.#openedAt = options.now();
  }

  // What the socket brings.

  receive(message: Uint8Array): void {
    if (this.#isClosed) return;
    this.#inReceive = true;
    const violation = this.#sink === undefined ? this.#open(message) : this.#take(message);
    this.#inReceive = false;
    if (violation === undefined) this.flush();
    else this.fail(violation);
  }

  flush(): void {
    const { socket, limits } = this.#options;
    if (this.#head !== undefined) socket.send(this.#head);
    this.#head = undefined;
    while (this.#queue.size > 0 && socket.bufferedBytes < limits.socketBufferBytes) {
      const { bytes, start, end } = this.#queue.first() ?? { bytes: NOTHING, start: 0, end: 0 };
      const taken = Math.min(end - start, MAX_MESSAGE_BYTES);
      // The queue's blocks are filled further, and never overwritten.
      socket.send(bytes.subarray(start, start + taken));
      this.#queue.shift(taken);
      this.#stalledSince = 0;
      if (this.#isBlocked && !this.#isEnding && this.#queue.size <= limits.callBufferBytes / 2) {
        this.#isBlocked = false;
        this.#sink?.writable();
      }
    }
    if (!this.#isEnding || this.#queue.size > 0 || this.#isClosed) return;
    this.#close(this.#peerEnded ? undefined : ResetCode.NoError);
    // Clients take any other ending for a broken one.
    socket.close(CloseCode.Normal, "");
  }

  /** The client closes its socket to cancel. */
  lost(): void {
    this.#close(this.#sink === undefined ? undefined : ResetCode.Cancel);
  }

  fail(violation: SocketViolation): void {
    this.#close(ResetCode.ProtocolError);
    this.#options.socket.close(closeCodeOf(violation), violation);
  }

  tick(now: number): void {
    const { headMs, stallMs } = this.#options.limits;
    if (this.#sink === undefined && now - this.#openedAt >= headMs) this.fail("head_timeout");
    if (this.#queue.size === 0) return;
    if (this.#stalledSince === 0) this.#stalledSince = now;
    else if (now - this.#stalledSince >= stallMs) this.reset(ResetCode.EnhanceYourCalm);
  }

  /** A call that runs may end; a socket without one has no reason to stay. */
  drain(): void {
    if (this.#sink === undefined) this.close();
  }

  close(): void {
    this.#close(ResetCode.ConnectionLost);
    this.#options.socket.close(CloseCode.GoingAway, "");
  }

  // What the call asks for.

  head(block: HeaderBlock): void {
    if (this.#headSent || this.#isEnding || this.#isClosed) return;
    this.#headSent = true;
    this.#head = envelopeOf(block.fields);
    this.#flushSoon();
  }

  write(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#isClosed || this.#isEnding || start >= end) return !this.#isBlocked;
    this.#queue.push(bytes, start, end);
    if (this.#queue.size >= this.#options.limits.callBufferBytes) this.#isBlocked = true;
    this.#flushSoon();
    return !this.#isBlocked;
  }

  end(trailers?: HeaderBlock): void {
    if (this.#isClosed || this.#isEnding) return;
    const last = envelopeOf(trailers?.fields ?? []);
    if (!this.#headSent) this.#head = last;
    else if (trailers !== undefined) this.#queue.push(last, 0, last.length);
    this.#isEnding = true;
    this.#flushSoon();
  }

  reset(code: ResetCode): void {
    if (this.#isClosed) return;
    this.#close(code);
    this.#options.socket.close(CloseCode.InternalError, `reset ${code}`);
  }

  consumed(bytes: number): void {
    this.#unread -= Math.min(bytes, this.#unread);
    if (!this.#isPaused || this.#unread > this.#options.limits.windowBytes / 2) return;
    this.#isPaused = false;
    this.#options.socket.resume();
  }

  /** Its place is that of its socket. */
  release(): void {}

  #open(message: Uint8Array): SocketViolation | undefined {
    const { limits, accept } = this.#options;
    const lines = linesIn(message, 0, message.length).map(lowerName);
    const size = message.length + 32 * lines.length;
    const fields = fieldsIn(lines, 0);
    if (size > limits.maxHeaderListBytes || lines.length > limits.maxHeaderFields) return "header_list";
    if (fields === undefined) return "malformed_fields";
    this.fields = fields;
    const sink = accept(this);
    this.#sink = sink;
    if (this.#isClosed) sink.closed(ResetCode.Cancel);
    return undefined;
  }

  #take(message: Uint8Array): SocketViolation | undefined {
    const [type] = message;
    if (this.#peerEnded || (type === END && message.length > 1)) return "frame_call";
    if (type === END) {
      this.#peerEnded = true;
      this.#sink?.end([]);
      return undefined;
    }
    if (type !== BODY || message.length === 1) return "frame_size";
    this.#unread += message.length - 1;
    if (this.#unread >= this.#options.limits.windowBytes && !this.#isPaused) {
      this.#isPaused = true;
      this.#options.socket.pause();
    }
    this.#sink?.data(message, 1, message.length);
    if (!this.#isClosed) this.#sink?.turn();
    return undefined;
  }

  #close(code: ResetCode | undefined): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#sink?.closed(code);
  }

  #flushSoon(): void {
    if (this.#isFlushDue || this.#inReceive) return;
    this.#isFlushDue = true;
    this.#options.defer(() => {
      this.#isFlushDue = false;
      if (!this.#isClosed) this.flush();
    });
  }
}

const NOTHING = new Uint8Array(0);

function envelopeOf(fields: Fields): Uint8Array {
  const lines = linesFrame(0, 0, undefined, fields);
  const length = lines.length - FRAME_BYTES;
  const envelope = lines.subarray(FRAME_BYTES - ENVELOPE_BYTES);
  envelope.set([FIELDS_FLAG, length >>> 24, length >>> 16, length >>> 8, length]);
  return envelope;
}

/** Clients write the names as their users gave them. */
function lowerName(line: string): string {
  const colon = line.indexOf(":");
  return line.slice(0, colon).toLowerCase() + line.slice(colon);
}
