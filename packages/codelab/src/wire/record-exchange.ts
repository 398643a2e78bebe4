/** One stream, recorded from where it is opened or accepted: an exchange and a sink around the real ones. */
import { type Exchange, type Fields, type HeaderBlock, type Peer, ResetCode, type Sink } from "@routeguide/grpc";
import { describeMessage, describeStatus } from "./describe.js";
import { MessageSplitter } from "./message-splitter.js";
import { ReceiveWindow } from "./receive-window.js";
import type { RecordedCall, Recording, Side } from "./recording.js";

const RESET_NAMES = new Map<number, string>(Object.entries(ResetCode).map(([name, code]) => [code, name]));

/** What both directions of a stream write down. */
export class StreamRecorder {
  readonly #recording: Recording;
  readonly #call: RecordedCall;
  readonly #path: string;
  readonly #window: ReceiveWindow;
  readonly #messages = { client: new MessageSplitter(), server: new MessageSplitter() };
  #hasEnded = false;

  /** @param windowBytes what the other side may send before this one reads, if that is to be watched */
  constructor(recording: Recording, caller: string, path: string, windowBytes = Number.POSITIVE_INFINITY) {
    this.#recording = recording;
    this.#path = path;
    this.#window = new ReceiveWindow(windowBytes);
    this.#call = recording.open(caller, path);
    this.#add("client", "headers", path);
  }

  head(from: Side): void {
    this.#add(from, "headers", "response begins");
  }

  data(from: Side, bytes: Uint8Array, start: number, end: number): void {
    this.#messages[from].add(bytes, start, end, (message) =>
      this.#add(from, "message", describeMessage(this.#path, from, message)),
    );
  }

  halfClose(): void {
    this.#add("client", "half-close", "end of requests");
  }

  trailers(fields: Fields): void {
    this.#add("server", "trailers", describeStatus(fields));
    this.#hasEnded = true;
  }

  reset(from: Side, code: number): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    if (code === ResetCode.ConnectionLost) this.#add(from, "lost", "connection lost");
    else this.#add(from, "reset", RESET_NAMES.get(code) ?? String(code));
  }

  /** This side has so many bytes more of the other, and has not read them yet. */
  received(from: Side, bytes: number): void {
    const wasFull = this.#window.isFull;
    this.#window.received(bytes);
    if (!wasFull && this.#window.isFull) this.stall(from);
  }

  /** This side has read so many bytes of the other, and gives window for as many. */
  consumed(from: Side, bytes: number): void {
    const wasFull = this.#window.isFull;
    this.#window.consumed(bytes);
    if (wasFull && !this.#window.isFull) this.resume(from);
  }

  stall(from: Side): void {
    this.#add(from, "stall", "waits: the window is full");
  }

  resume(from: Side): void {
    this.#add(from, "resume", "goes on");
  }

  #add(from: Side, kind: Parameters<Recording["add"]>[2], text: string): void {
    this.#recording.add(this.#call, from, kind, text);
  }
}

/** Records what its owner, this side, does with an exchange. */
export class RecordedExchange implements Exchange {
  readonly #exchange: Exchange;
  readonly #recorder: StreamRecorder;
  readonly #side: Side;

  constructor(exchange: Exchange, recorder: StreamRecorder, side: Side) {
    this.#exchange = exchange;
    this.#recorder = recorder;
    this.#side = side;
  }

  get verb(): string {
    return this.#exchange.verb;
  }

  get path(): string {
    return this.#exchange.path;
  }

  get authority(): string {
    return this.#exchange.authority;
  }

  get fields(): Fields {
    return this.#exchange.fields;
  }

  get peer(): Peer {
    return this.#exchange.peer;
  }

  head(block: HeaderBlock, status?: number): void {
    this.#recorder.head(this.#side);
    this.#exchange.head(block, status);
  }

  write(bytes: Uint8Array, start: number, end: number): boolean {
    this.#recorder.data(this.#side, bytes, start, end);
    const hasRoom = this.#exchange.write(bytes, start, end);
    if (!hasRoom) this.#recorder.stall(this.#side);
    return hasRoom;
  }

  end(trailers?: HeaderBlock): void {
    if (this.#side === "client") this.#recorder.halfClose();
    else this.#recorder.trailers(trailers?.fields ?? []);
    this.#exchange.end(trailers);
  }

  reset(code: ResetCode): void {
    this.#recorder.reset(this.#side, code);
    this.#exchange.reset(code);
  }

  consumed(bytes: number): void {
    this.#recorder.consumed(this.#side === "client" ? "server" : "client", bytes);
    this.#exchange.consumed(bytes);
  }

  release(): void {
    this.#exchange.release();
  }
}

/** Records what comes from the other side. */
export class RecordedSink implements Sink {
  readonly #sink: Sink;
  readonly #recorder: StreamRecorder;
  /** The side whose sink this is. */
  readonly #side: Side;

  constructor(sink: Sink, recorder: StreamRecorder, side: Side) {
    this.#sink = sink;
    this.#recorder = recorder;
    this.#side = side;
  }

  get #other(): Side {
    return this.#side === "client" ? "server" : "client";
  }

  head(status: number, fields: Fields): void {
    // A response that is nothing but its status has no head of its own.
    if (!fields.includes("grpc-status")) this.#recorder.head("server");
    this.#sink.head(status, fields);
  }

  data(bytes: Uint8Array, start: number, end: number): void {
    this.#recorder.data(this.#other, bytes, start, end);
    this.#recorder.received(this.#other, end - start);
    this.#sink.data(bytes, start, end);
  }

  turn(): void {
    this.#sink.turn();
  }

  end(trailers: Fields): void {
    if (this.#side === "client") this.#recorder.trailers(trailers);
    else this.#recorder.halfClose();
    this.#sink.end(trailers);
  }

  writable(): void {
    this.#recorder.resume(this.#side);
    this.#sink.writable();
  }

  closed(code: ResetCode | undefined): void {
    if (code !== undefined) this.#recorder.reset(this.#other, code);
    this.#sink.closed(code);
  }
}
