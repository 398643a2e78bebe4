import { Code } from "../call/code.js";
import type { Expiring } from "../call/deadline.js";
import { Envelopes } from "../call/envelopes.js";
import { type Incoming, IncomingQueue } from "../call/incoming.js";
import { appendMessage, checkEnvelopes, sendEach } from "../call/outgoing.js";
import { type Many, Pump, type Pumped } from "../call/pump.js";
import { errorOfReset } from "../call/reset-status.js";
import { RpcError } from "../call/rpc-error.js";
import { Batch, bytesIn } from "../envelope/batch.js";
import type { Compression } from "../envelope/compression.js";
import { isWholeMessage, PREFIX_BYTES } from "../envelope/prefix.js";
import { Splitter } from "../envelope/splitter.js";
import { type Connection, type Fields, ResetCode, type Sink } from "../exchange.js";
import { errorOfFault } from "../protocol/fault.js";
import { readEnd, readResponseHead, reservedName } from "../protocol/grpc-client.js";
import { headersOf } from "../protocol/metadata.js";
import type { CallOptions } from "./call-options.js";
import { ClientContext } from "./client-context.js";
import { deadlineExceeded, errorOfRequest, unavailable } from "./client-error.js";
import type { ClientMethod } from "./client-method.js";

/** Where the single response of a call goes. */
interface Settle {
  resolve(message: unknown): void;
  reject(error: RpcError): void;
}

/** How often a call that the server never began is tried on another connection. Source: gRFC A6, "transparent retries". */
const TRANSPARENT_RETRIES = 1;

/**
 * One call on the client: the sink of its exchange. One class for all four kinds, because the engine calls sinks at one place.
 *
 *     made -- connected -- opened (the request leaves) -- head -- messages -- over (the caller knows how it ended)
 *
 * A call is over once: by its trailers, a reset, the deadline, the caller's signal, or a fault in what came.
 */
export class ClientCall extends ClientContext implements Sink, Expiring, Pumped {
  #isOver = false;
  #settle: Settle | undefined = undefined;
  #responses: IncomingQueue<unknown> | undefined = undefined;
  #pump: Pump | undefined = undefined;
  #compression: Compression | undefined = undefined;
  #splitter: Splitter | undefined = undefined;
  /** The message of a response that came whole in one piece; else `#splitter` has it. */
  #bytes: Uint8Array | undefined = undefined;
  #start = 0;
  #end = 0;
  #unused = 0;
  /** The encoded request of a call that sends one: kept until the server has begun, so that it can be sent again. */
  #request: Uint8Array | undefined = undefined;
  #requestStart = 0;
  #requestEnd = 0;
  #retries = 0;
  #isStarted = false;
  /** Whether all of the request has been written. */
  #requestEnded = false;
  #onAbort: (() => void) | undefined = undefined;

  deadlineSlot = -1;
  deadlineTick = 0;
  deadlineBefore: Expiring | undefined = undefined;
  deadlineAfter: Expiring | undefined = undefined;

  constructor(method: ClientMethod, options: CallOptions) {
    super(method, options);
  }

  /** Begins the call. Its response comes as a promise or as a stream, by the method's kind. */
  start(request: unknown): Promise<unknown> | Incoming<unknown> {
    if (this.#isStarted) throw new RpcError(Code.Internal, "an interceptor may call on once: a call runs once");
    this.#isStarted = true;
    if (this.clientMethod.isSingleResponse) {
      return new Promise((resolve, reject) => {
        this.#settle = { resolve, reject };
        this.#begin(request);
      });
    }
    const responses = new IncomingQueue<unknown>(
      () => this.#giveBack(),
      (reason) => this.cancel(reason),
    );
    this.#responses = responses;
    this.#begin(request);
    return responses;
  }

  /** Ends the call here and on the server. */
  cancel(reason: unknown = undefined): void {
    const error =
      reason instanceof RpcError
        ? reason
        : new RpcError(Code.Canceled, "the caller cancelled the call", { cause: reason });
    this.#stop(error);
  }

  expire(): void {
    this.#stop(deadlineExceeded());
  }

  get hasEnded(): boolean {
    return this.#isOver;
  }

  get out(): ClientMethod["shared"]["out"] {
    return this.clientMethod.shared.out;
  }

  // The request goes out.

  append(message: unknown): void {
    const { request, shared } = this.clientMethod;
    appendMessage(this.out, message, request, shared, shared.compression);
  }

  sendRange(bytes: Uint8Array, start: number, end: number, count: number): boolean {
    for (const observer of this.clientMethod.shared.observers) {
      this.#look(() => observer.sent?.(this, count, end - start));
    }
    return this.exchange?.write(bytes, start, end) ?? true;
  }

  sendEnvelopes(envelopes: Envelopes): boolean {
    checkEnvelopes(envelopes, this.clientMethod.isSingleRequest);
    if (this.clientMethod.shared.format !== "proto") return sendEach(this.clientMethod.messagesOf(envelopes), this);
    return this.sendRange(envelopes.bytes, envelopes.start, envelopes.end, envelopes.count);
  }

  succeed(): void {
    this.#requestEnded = true;
    this.exchange?.end();
  }

  fail(reason: unknown): void {
    this.#stop(errorOfRequest(reason));
  }

  writable(): void {
    if (!this.#isOver) this.#pump?.resume();
  }

  // The response comes in.

  head(status: number, fields: Fields): void {
    if (this.#isOver) return;
    this.headFields = fields;
    this.#request = undefined;
    const { compressions, format } = this.clientMethod.shared;
    const head = readResponseHead(status, fields, { compressions, format });
    const { onHeader } = this.options;
    if (onHeader !== undefined) this.#look(() => onHeader(headersOf(fields)));
    if (head instanceof RpcError) this.#stop(head);
    else this.#compression = head.compression;
  }

  data(bytes: Uint8Array, start: number, end: number): void {
    const count = end - start;
    if (count === 0) return;
    if (this.#isOver) {
      this.exchange?.consumed(count);
    } else if (this.#responses !== undefined) {
      this.#unused += count;
      this.#split(bytes, start, end);
      if (this.#responses.isWaiting) this.#giveBack();
    } else {
      this.exchange?.consumed(count);
      if (
        this.#bytes === undefined &&
        this.#splitter === undefined &&
        isWholeMessage(bytes, start, end, this.clientMethod.shared.readMaxBytes)
      ) {
        this.#bytes = bytes;
        this.#start = start + PREFIX_BYTES;
        this.#end = end;
      } else {
        this.#split(bytes, start, end);
      }
    }
  }

  turn(): void {
    if (this.#responses !== undefined) this.#deliver(this.#responses);
  }

  end(trailers: Fields): void {
    if (this.#isOver) return;
    this.trailerFields = trailers;
    const { onTrailer } = this.options;
    if (onTrailer !== undefined) this.#look(() => onTrailer(headersOf(trailers)));
    if (this.#responses !== undefined) this.#deliver(this.#responses);
    let error = readEnd(trailers);
    if (error === undefined && this.#splitter?.isPartial === true) {
      error = new RpcError(Code.Internal, "the response ends within a message");
    }
    if (error !== undefined || this.#responses !== undefined) this.#over(error);
    else this.#endOfSingle();
    // The server wants no more of the request, but not every server stops it.
    if (!this.#requestEnded) this.exchange?.reset(ResetCode.NoError);
  }

  closed(code: ResetCode | undefined): void {
    if (this.#isOver) return;
    if (code === ResetCode.RefusedStream && this.#request !== undefined && this.#retries++ < TRANSPARENT_RETRIES) {
      this.exchange = undefined;
      this.#connect();
      return;
    }
    // A server may reset the call at the deadline, before our own timer fires.
    const isLate = code === ResetCode.Cancel && this.deadlineAtMs !== 0 && this.timeoutMs() === 0;
    this.#over(isLate ? deadlineExceeded() : errorOfReset(code ?? ResetCode.InternalError));
  }

  // Inside.

  #begin(request: unknown): void {
    const { shared, isSingleRequest } = this.clientMethod;
    for (const observer of shared.observers) this.#look(() => observer.started?.(this));
    const { signal, timeoutMs } = this.options;
    const reserved = this.metadata === undefined ? undefined : reservedName(this.metadata);
    if (reserved !== undefined) {
      this.#over(new RpcError(Code.InvalidArgument, `the metadata name "${reserved}" is the protocol's: use another`));
      return;
    }
    if (signal !== undefined && !this.#follow(signal)) return;
    if (timeoutMs !== undefined) {
      if (timeoutMs <= 0) {
        this.expire();
        return;
      }
      this.deadlineAtMs = performance.now() + timeoutMs;
      shared.deadlines.schedule(this, timeoutMs);
    }
    if (isSingleRequest && !this.#encode(request)) return;
    this.#connect(request);
  }

  /** Encodes the only message of a request, and keeps it. */
  #encode(request: unknown): boolean {
    try {
      if (request instanceof Envelopes) checkEnvelopes(request, true);
      if (request instanceof Envelopes && this.clientMethod.shared.format === "proto") {
        this.#request = request.bytes;
        this.#requestStart = request.start;
        this.#requestEnd = request.end;
      } else {
        this.append(request instanceof Envelopes ? this.clientMethod.messagesOf(request).next().value : request);
        this.#request = this.out.bytes;
        this.#requestStart = this.out.mark;
        this.#requestEnd = this.out.at;
      }
      return true;
    } catch (error) {
      this.#over(errorOfRequest(error));
      return false;
    }
  }

  #connect(request?: unknown): void {
    let connection: Connection | Promise<Connection>;
    try {
      connection = this.clientMethod.shared.transport.connection(this.options.waitForReady === true);
    } catch (error) {
      this.#over(unavailable(error));
      return;
    }
    if (connection instanceof Promise) {
      connection.then(
        (connection) => this.#open(connection, request, this.timeoutMs()),
        (error) => this.#over(unavailable(error)),
      );
    } else {
      // The value that calls share, unless an earlier attempt took some of it.
      this.#open(connection, request, this.#retries > 0 ? this.timeoutMs() : this.options.timeoutMs);
    }
  }

  #open(connection: Connection, request: unknown, timeoutMs: number | undefined): void {
    if (this.#isOver) return;
    const { clientMethod, metadata } = this;
    this.exchange = connection.open(clientMethod.path, clientMethod.block(timeoutMs, metadata), this);
    if (this.#request !== undefined) {
      this.sendRange(this.#request, this.#requestStart, this.#requestEnd, 1);
      this.succeed();
    } else {
      this.#pump = new Pump(this, request as Many<unknown>);
      this.#pump.run();
    }
  }

  /** Lets the caller's signal cancel the call. Returns false if it has done so already. */
  #follow(signal: AbortSignal): boolean {
    if (signal.aborted) {
      this.cancel(signal.reason);
      return false;
    }
    this.#onAbort = () => this.cancel(signal.reason);
    signal.addEventListener("abort", this.#onAbort);
    return true;
  }

  #split(bytes: Uint8Array, start: number, end: number): void {
    if (this.#splitter === undefined) {
      this.#splitter = new Splitter(this.clientMethod.shared.readMaxBytes, this.#compression);
      if (this.#bytes !== undefined) this.#splitter.push(this.#bytes, this.#start - PREFIX_BYTES, this.#end);
    }
    const fault = this.#splitter.push(bytes, start, end);
    if (fault !== undefined) this.#refuse(errorOfFault(fault));
    else if (this.#responses === undefined && this.#splitter.total > 1) {
      this.#stop(new RpcError(Code.Unimplemented, "the response has more than the one message that the method says"));
    }
  }

  #deliver(responses: IncomingQueue<unknown>): void {
    const splitter = this.#splitter;
    if (splitter === undefined || this.#isOver) return;
    for (let ranges = splitter.take(); ranges !== undefined; ranges = splitter.take()) {
      const { bytes, starts, ends, count } = ranges;
      this.#received(count, starts, ends);
      responses.push(new Batch(bytes, starts, ends, count, this.clientMethod.decode));
    }
  }

  #endOfSingle(): void {
    const ranges = this.#splitter?.take();
    if (ranges !== undefined) {
      this.#bytes = ranges.bytes;
      this.#start = ranges.starts[0] ?? 0;
      this.#end = ranges.ends[0] ?? 0;
    }
    if (this.#bytes === undefined) {
      this.#over(new RpcError(Code.Unimplemented, "the response has no message, the method says one"));
      return;
    }
    if (this.clientMethod.shared.observers.length > 0) this.#received(1, [this.#start], [this.#end]);
    try {
      const message = this.clientMethod.decode(this.#bytes, this.#start, this.#end);
      const settle = this.#settle;
      this.#settle = undefined;
      this.#over(undefined);
      settle?.resolve(message);
    } catch (error) {
      this.#over(RpcError.from(error, Code.Internal));
    }
  }

  /** Ends the call from this side. The caller sees it at once, whatever lies there to be read. */
  #stop(error: RpcError): void {
    if (this.#isOver) return;
    this.#responses?.fail(error);
    this.#over(error);
    this.exchange?.reset(ResetCode.Cancel);
  }

  /** Ends the call for a fault in what came. The caller sees it after the messages before it. */
  #refuse(error: RpcError): void {
    if (this.#responses !== undefined) this.#deliver(this.#responses);
    this.#over(error);
    this.exchange?.reset(ResetCode.Cancel);
  }

  #over(error: RpcError | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.cancelled = error !== undefined;
    this.#request = undefined;
    this.#bytes = undefined;
    this.#splitter = undefined;
    if (this.deadlineSlot >= 0) this.clientMethod.shared.deadlines.cancel(this);
    if (this.#onAbort !== undefined) this.options.signal?.removeEventListener("abort", this.#onAbort);
    // Nobody is left to hear that the caller's own generator fails while it cleans up.
    this.#pump?.stop(() => {});
    for (const observer of this.clientMethod.shared.observers) this.#look(() => observer.finished?.(this, error));
    this.abortSignal(error);
    if (error !== undefined) this.#settle?.reject(error);
    this.#responses?.end(error);
    this.#giveBack();
  }

  #giveBack(): void {
    if (this.#unused === 0) return;
    const bytes = this.#unused;
    this.#unused = 0;
    this.exchange?.consumed(bytes);
  }

  #received(count: number, starts: ArrayLike<number>, ends: ArrayLike<number>): void {
    for (const observer of this.clientMethod.shared.observers) {
      this.#look(() => observer.received?.(this, count, bytesIn(starts, ends, count)));
    }
  }

  /** Lets somebody look on. What that throws changes nothing for the call. */
  #look(observe: () => void): void {
    try {
      observe();
    } catch (error) {
      console.error("an observer of a call failed:", error);
    }
  }
}
