import type { Accept, Fields, HeaderBlock } from "../exchange.js";
import { ResetCode } from "../exchange.js";
import type { DecodedBlock } from "./hpack/block-cache.js";
import type { Limits } from "./limits.js";
import { areTrailers, RequestHead, readRequest } from "./message-head.js";
import type { Role } from "./role.js";
import type { Sender } from "./sender.js";
import { Receiving } from "./stream.js";
import type { Streams } from "./streams.js";
import { Violation } from "./violation.js";

/** What a server does with header blocks: requests, and trailers, which gRPC does not have in requests. */
export class ServerSide implements Role {
  readonly isServer = true;
  lastStream = 0;
  /** Later streams are ignored: the last GOAWAY has said so. */
  #isStopped = false;
  readonly #limits: Limits;
  readonly #streams: Streams;
  readonly #sender: Sender;
  readonly #accept: Accept;

  constructor(limits: Limits, streams: Streams, sender: Sender, accept: Accept) {
    this.#limits = limits;
    this.#streams = streams;
    this.#sender = sender;
    this.#accept = accept;
  }

  get isDone(): boolean {
    return this.#isStopped && this.#streams.size === 0;
  }

  isIdle(stream: number): boolean {
    return stream % 2 === 0 || (stream > this.lastStream && !this.#isStopped);
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** Their limits on streams concern pushes, which we do not make. */
  settings(): void {}

  /** A client that goes away closes the connection itself when it has its answers. */
  goAway(): void {}

  freed(): void {}

  catchUp(): void {}

  over(): void {}

  block(id: number, endStream: boolean, block: DecodedBlock, violation: Violation | undefined): Violation | undefined {
    const stream = this.#streams.get(id);
    if (stream === undefined) return this.#request(id, endStream, block, violation);
    if (stream.receiving === Receiving.Ended) violation = Violation.ClosedStream;
    else if (!endStream || block.oversize || block.malformed !== undefined || !areTrailers(block.fields)) {
      violation ??= Violation.MalformedTrailers;
    }
    if (violation === undefined) this.#streams.receivingEnded(stream, NO_FIELDS);
    else this.#streams.refuse(stream, violation);
    return undefined;
  }

  #request(
    id: number,
    endStream: boolean,
    block: DecodedBlock,
    violation: Violation | undefined,
  ): Violation | undefined {
    if (id % 2 === 0) return Violation.StreamId;
    if (id <= this.lastStream) {
      if (this.#streams.closed.wasReset(id)) return undefined;
      return this.#streams.closed.hasEnded(id) ? Violation.ClosedStream : Violation.StreamId;
    }
    if (this.#isStopped) {
      this.#streams.closed.reset(id);
      return undefined;
    }
    this.lastStream = id;
    if (this.#streams.taken >= this.#limits.maxConcurrentStreams) {
      this.#streams.turnAway(id);
    } else if (violation !== undefined || block.malformed !== undefined) {
      this.#streams.refuseId(id, violation ?? Violation.MalformedFields);
    } else if (block.oversize) {
      this.#tooLarge(id, endStream, block.fields);
    } else {
      this.#open(id, endStream, block);
    }
    return undefined;
  }

  #open(id: number, endStream: boolean, block: DecodedBlock): void {
    // What repeats call after call is the very same block, and is understood once.
    let head = block.memo instanceof RequestHead ? block.memo : undefined;
    if (head === undefined) {
      head = readRequest(block.fields);
      block.memo = head;
    }
    if (head === undefined || (endStream && head.contentLength > 0)) {
      this.#streams.refuseId(id, head === undefined ? Violation.MalformedRequest : Violation.ContentLength);
      return;
    }
    const stream = this.#streams.create(head, id);
    stream.announced = head.contentLength;
    if (endStream) stream.receiving = Receiving.Ended;
    const sink = this.#accept(stream);
    stream.sink = sink;
    if (stream.closed) sink.closed(stream.code);
    else if (endStream) sink.end(NO_FIELDS);
  }

  /** Answers what nobody has read: gRPC's clients read a status, others 431. */
  #tooLarge(id: number, endStream: boolean, fields: Fields): void {
    this.#streams.note(Violation.HeaderList);
    const type = fields[fields.indexOf("content-type") + 1] ?? "";
    if (type.startsWith("application/grpc") && !type.startsWith("application/grpc-web")) {
      this.#sender.headers(id, GRPC_TOO_LARGE, STATUS_200, true);
    } else {
      this.#sender.headers(id, HTTP_TOO_LARGE, STATUS_431, true);
    }
    this.#streams.closed.reset(id);
    if (!endStream) this.#sender.reset(id, ResetCode.NoError);
  }
}

const NO_FIELDS: Fields = [];
const STATUS_200: Fields = [":status", "200"];
const STATUS_431: Fields = [":status", "431"];
const HTTP_TOO_LARGE: HeaderBlock = { fields: [] };
const GRPC_TOO_LARGE: HeaderBlock = {
  fields: [
    "content-type",
    "application/grpc",
    "grpc-status",
    "8",
    "grpc-message",
    "The request's header fields are larger than this server takes",
  ],
};
