import type { Fields, HeaderBlock } from "../exchange.js";
import { BlockEncoder } from "./block-encoder.js";
import type { BufferPool } from "./buffer-pool.js";
import { LARGE_BUFFER } from "./buffer-pool.js";
import { Fifo } from "./fifo.js";
import {
  extendData,
  writeData,
  writeEndOfData,
  writeGoAway,
  writeHeaders,
  writePing,
  writePingAck,
  writeReset,
  writeSettings,
  writeSettingsAck,
  writeWindowUpdate,
} from "./frame-writer.js";
import type { Limits } from "./limits.js";
import { Output } from "./output.js";
import { SendQueue } from "./send-queue.js";
import type { PeerSettings } from "./settings.js";
import { type H2Stream, Sending } from "./stream.js";
import { fits } from "./window.js";
import { DEFAULT_FRAME, DEFAULT_WINDOW, Flag, FRAME_HEADER, PREFACE } from "./wire.js";

/** A frame is cut short at the end of a buffer rather than moved to the next, if so much of it fits. */
const LEAST_CUT = 1024;
const NO_FIELDS: Fields = [];

/**
 * Everything that leaves a connection. Frames go straight to the output while windows and socket allow; what must wait,
 * waits in its stream, and the streams take turns, a frame each.
 */
export class Sender {
  /** What the peer still takes on the connection. */
  window = DEFAULT_WINDOW;
  /** Bytes that wait in streams. */
  queued = 0;
  /** Replies that the peer made us write, since the socket was empty. */
  controlFrames = 0;
  /** HEADERS or DATA have left since somebody set this to false. */
  hasSentContent = false;
  readonly #limits: Limits;
  readonly #out: Output;
  readonly #blocks = new BlockEncoder();
  readonly #ready = new Fifo<H2Stream>();
  readonly #wake: () => void;
  readonly #ended: (stream: H2Stream) => void;
  #maxFrameBytes = DEFAULT_FRAME;
  /** Nobody needs to be woken: the carrier flushes in any case. */
  #isAwake = false;
  #turnBytes = 0;
  /** Bytes that the socket still holds. */
  #socketBytes = 0;
  /** When a tick first saw the socket's queue as it is; 0: it has moved since the last tick. */
  #stalledSince = 0;
  // The DATA frame that the output ends with, if it does: later bytes of the same stream, by its number, are added to it.
  #lastStream = 0;
  #lastHeader = 0;
  #lastLength = 0;

  /**
   * @param wake see {@link H2Options.wake}
   * @param ended called when the last frame of our side of a stream is in the output
   */
  constructor(limits: Limits, pool: BufferPool, wake: () => void, ended: (stream: H2Stream) => void) {
    this.#limits = limits;
    this.#out = new Output(pool);
    this.#wake = wake;
    this.#ended = ended;
  }

  /** Bytes that wait anywhere. */
  get waiting(): number {
    return this.queued + this.#out.size + this.#socketBytes;
  }

  /** Bytes that wait for the socket, and for nothing else. */
  get unsent(): number {
    return this.#out.size + this.#socketBytes;
  }

  follow(settings: PeerSettings): void {
    this.#maxFrameBytes = Math.min(settings.maxFrameBytes, this.#limits.maxSentFrameBytes);
    this.#blocks.setMaxTableBytes(settings.headerTableBytes);
  }

  /** HEADERS, and CONTINUATION if need be. Header blocks know no flow control. */
  headers(stream: number, block: HeaderBlock, pseudo: Fields, endStream: boolean): void {
    this.#lastStream = 0;
    writeHeaders(this.#out, stream, this.#blocks.encode(block, pseudo), endStream, this.#maxFrameBytes);
    this.hasSentContent = true;
    this.wake();
  }

  /** @returns false: write no more until `writable()` */
  write(stream: H2Stream, bytes: Uint8Array, start: number, end: number): boolean {
    let at = start;
    if (stream.queue === undefined && stream.id > 0 && this.#ready.length === 0) {
      at = this.#send(stream, bytes, start, end);
      this.wake();
      if (at === end) return true;
    }
    if (stream.queue === undefined) {
      stream.queue = new SendQueue();
      stream.stalledSince = 0;
    }
    stream.queue.push(bytes, at, end);
    this.queued += end - at;
    this.resume(stream);
    // Too much is found out with the next flush, as nothing may be told from within.
    if (this.waiting > this.#limits.maxQueuedBytes) this.wake();
    if (stream.queue.size <= this.#limits.streamBufferBytes && this.queued <= this.#limits.connectionBufferBytes) {
      return true;
    }
    stream.isFull = true;
    return false;
  }

  /** Ends our side once everything queued has left. */
  end(stream: H2Stream, trailers: HeaderBlock | undefined): void {
    stream.trailers = trailers;
    stream.sending = Sending.Ending;
    stream.isFull = false;
    if (stream.queue === undefined && stream.id > 0) this.#end(stream);
  }

  /** The stream may send again, if it has something to send: its window has grown, or it has got its number. */
  resume(stream: H2Stream): void {
    if (stream.isReady || stream.queue === undefined || stream.sendWindow <= 0 || stream.id === 0) return;
    stream.isReady = true;
    this.#ready.push(stream);
    this.wake();
  }

  /** The peer takes so many bytes more on the connection. False: more than a window holds. */
  widen(increment: number): boolean {
    if (!fits(this.window, increment)) return false;
    this.window += increment;
    if (this.#ready.length > 0) this.wake();
    return true;
  }

  /** Drops what waits of a stream. */
  drop(stream: H2Stream): void {
    if (stream.queue === undefined) return;
    this.queued -= stream.queue.size;
    stream.queue = undefined;
  }

  preface(): void {
    this.#out.reserve(PREFACE.length);
    this.#out.copy(PREFACE, 0, PREFACE.length);
  }

  settings(settings: readonly number[]): void {
    this.#control();
    writeSettings(this.#out, settings);
  }

  settingsAck(): void {
    this.#control();
    this.controlFrames++;
    writeSettingsAck(this.#out);
  }

  ping(data: number): void {
    this.#control();
    writePing(this.#out, data);
  }

  pingAck(bytes: Uint8Array, start: number): void {
    this.#control();
    this.controlFrames++;
    writePingAck(this.#out, bytes, start);
  }

  reset(stream: number, code: number): void {
    this.#control();
    this.controlFrames++;
    writeReset(this.#out, stream, code);
  }

  goAway(lastStream: number, code: number, reason: string): void {
    this.#control();
    writeGoAway(this.#out, lastStream, code, reason);
  }

  windowUpdate(stream: number, increment: number): void {
    this.#control();
    writeWindowUpdate(this.#out, stream, increment);
  }

  /** From here until `flush()` has nothing more the carrier needs no waking. */
  keepAwake(): void {
    this.#isAwake = true;
  }

  /** The next bytes for the socket; undefined ends a turn. */
  flush(): Uint8Array | undefined {
    this.#isAwake = true;
    this.#fill();
    this.#lastStream = 0;
    const bytes = this.#out.take(this.#socketBytes > 0);
    if (bytes !== undefined) {
      this.#turnBytes += bytes.length;
      return bytes;
    }
    const isBudgetSpent = this.#turnBytes >= this.#limits.turnBytes;
    this.#turnBytes = 0;
    this.#isAwake = false;
    if (isBudgetSpent && this.#ready.length > 0) this.wake();
    return undefined;
  }

  /** The socket holds so many bytes now. */
  sent(socketBytes: number): void {
    if (socketBytes < this.#socketBytes || this.#socketBytes === 0) this.#stalledSince = 0;
    this.#socketBytes = socketBytes;
    if (socketBytes === 0) {
      this.controlFrames = 0;
      this.#out.returned();
    }
    if (this.#ready.length > 0 && this.window > 0 && socketBytes < this.#limits.socketBufferBytes) this.wake();
  }

  /** Whether the socket has taken nothing for too long. */
  isStalled(now: number): boolean {
    if (this.#socketBytes === 0) return false;
    if (this.#stalledSince === 0) this.#stalledSince = now;
    return now - this.#stalledSince >= this.#limits.stallMs;
  }

  /** Drops what has not left. */
  clear(): void {
    this.#lastStream = 0;
    this.#out.clear();
  }

  wake(): void {
    if (this.#isAwake) return;
    this.#isAwake = true;
    this.#wake();
  }

  #control(): void {
    this.#lastStream = 0;
    this.wake();
  }

  /**
   * Serves the streams by turns until a buffer is full, a window or the socket's queue ends it, or the turn's budget is
   * spent.
   */
  #fill(): void {
    const { socketBufferBytes, turnBytes } = this.#limits;
    while (this.window > 0 && this.#ready.length > 0) {
      const size = this.#out.size;
      if (size >= LARGE_BUFFER || this.#socketBytes + size >= socketBufferBytes) return;
      if (this.#turnBytes + size >= turnBytes) return;
      const stream = this.#ready.shift();
      if (stream !== undefined) this.#serve(stream);
    }
  }

  /** Sends one frame of what a stream has queued. */
  #serve(stream: H2Stream): void {
    stream.isReady = false;
    const queue = stream.queue;
    if (queue === undefined) return;
    stream.stalledSince = 0;
    let left = this.#maxFrameBytes;
    for (let chunk = queue.first(); chunk !== undefined && left > 0; chunk = queue.first()) {
      const sent = this.#send(stream, chunk.bytes, chunk.start, Math.min(chunk.end, chunk.start + left)) - chunk.start;
      if (sent === 0) break;
      queue.shift(sent);
      this.queued -= sent;
      left -= sent;
    }
    if (queue.size === 0) stream.queue = undefined;
    else this.resume(stream);
    if (stream.queue === undefined && stream.sending === Sending.Ending) {
      this.#end(stream);
    } else if (stream.isFull && queue.size * 2 <= this.#limits.streamBufferBytes) {
      stream.isFull = false;
      stream.sink?.writable();
    }
  }

  /** Writes what windows and socket take of bytes[at, end). Returns up to where. */
  #send(stream: H2Stream, bytes: Uint8Array, at: number, end: number): number {
    const out = this.#out;
    const unsent = out.size + this.#socketBytes;
    const allowed = Math.min(end - at, stream.sendWindow, this.window, this.#limits.socketBufferBytes - unsent);
    if (allowed <= 0) return at;
    const stop = at + allowed;
    stream.sendWindow -= allowed;
    this.window -= allowed;
    this.hasSentContent = true;
    while (at < stop) {
      if (this.#lastStream === stream.id) {
        const fitting = Math.min(stop - at, this.#maxFrameBytes - this.#lastLength);
        // A small buffer may be outgrown, but the frame's header must stay where it is.
        const more = Math.min(fitting, out.makeRoom(fitting, 0));
        if (more > 0) {
          extendData(out, this.#lastHeader, bytes, at, at + more);
          this.#lastLength += more;
          at += more;
          continue;
        }
      }
      const wanted = Math.min(stop - at, this.#maxFrameBytes);
      const length = Math.min(wanted, out.makeRoom(FRAME_HEADER + wanted, FRAME_HEADER + LEAST_CUT) - FRAME_HEADER);
      this.#lastHeader = writeData(out, stream.id, bytes, at, at + length);
      this.#lastStream = stream.id;
      this.#lastLength = length;
      at += length;
    }
    return at;
  }

  #end(stream: H2Stream): void {
    stream.sending = Sending.Ended;
    const trailers = stream.trailers;
    if (trailers !== undefined) {
      stream.trailers = undefined;
      this.headers(stream.id, trailers, NO_FIELDS, true);
    } else {
      if (this.#lastStream === stream.id) this.#out.bytes[this.#lastHeader + FLAGS] = Flag.EndStream;
      else writeEndOfData(this.#out, stream.id);
      this.#lastStream = 0;
      this.wake();
    }
    this.#ended(stream);
  }
}

/** Where a frame's header has its flags. */
const FLAGS = 4;
