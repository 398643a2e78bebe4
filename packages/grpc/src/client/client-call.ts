import { Code } from "../call/code.js";
import type { Expiring } from "../call/deadline.js";
import { Envelopes } from "../call/envelopes.js";
import { type Incoming, IncomingQueue } from "../call/incoming.js";
import { appendMessage, checkSingle } from "../call/outgoing.js";
import { type Many, Pump, type Pumped } from "../call/pump.js";
import { errorOfReset } from "../call/reset-status.js";
import { RpcError } from "../call/rpc-error.js";
import { type Connection, type Fields, ResetCode } from "../exchange.js";
import { wrongMetadata } from "../protocol/metadata.js";
import type { CallOptions } from "./call-options.js";
import { deadlineExceeded, errorOfAbort, errorOfRequest, unavailable } from "./client-error.js";
import type { ClientMethod } from "./client-method.js";
import { ClientResponse } from "./client-response.js";

/** How often a call that the server never began is tried on another connection. Source: gRFC A6, "transparent retries". */
const TRANSPARENT_RETRIES = 1;

const NO_FIELDS: Fields = [];

/**
 * One call on the client: the sink of its exchange. One class for all four kinds, because the engine calls sinks at one place.
 *
 *     made -- connected -- opened (the request leaves) -- head -- messages -- over (the caller knows how it ended)
 *                 ^                     |
 *                 +--- tried again -----+  as long as nothing of a response has come
 *
 * A call is over once: by its trailers, a reset, the deadline, the caller's signal, or a fault in what came.
 */
export class ClientCall extends ClientResponse implements Expiring, Pumped {
  #pump: Pump | undefined = undefined;
  /** The requests of a call that sends a stream of them. */
  #messages: unknown = undefined;
  /** The encoded request of a call that sends one: kept until the server has begun, so that it can be sent again. */
  #request: Uint8Array | undefined = undefined;
  #requestStart = 0;
  #requestEnd = 0;
  #transparentRetries = 0;
  #isStarted = false;
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
    // An interceptor may have cancelled it.
    if (this.isOver) throw this.reason;
    if (this.clientMethod.isSingleResponse) {
      return new Promise((resolve, reject) => {
        this.settle = { resolve, reject };
        this.#begin(request);
      });
    }
    const responses = new IncomingQueue<unknown>(
      () => this.giveBack(),
      (reason) => this.cancel(reason),
    );
    this.responses = responses;
    this.#begin(request);
    return responses;
  }

  /** Ends the call here and on the server. */
  cancel(reason: unknown = undefined): void {
    const error = errorOfAbort(reason);
    if (this.isOver) this.responses?.fail(error);
    else this.stop(error);
  }

  expire(): void {
    this.stop(deadlineExceeded());
  }

  get hasEnded(): boolean {
    return this.isOver;
  }

  get out(): ClientMethod["shared"]["out"] {
    return this.clientMethod.shared.out;
  }

  // The request goes out.

  append(message: unknown): void {
    const { request, sendLimits, shared } = this.clientMethod;
    appendMessage(this.out, message, request, sendLimits, shared.compression, this.compress);
  }

  sendRange(bytes: Uint8Array, start: number, end: number, count: number): boolean {
    this.clientMethod.shared.watch?.sent(this, count, end - start);
    this.retries?.keep(bytes, start, end);
    // Between two attempts nothing is taken: what is kept for the next is bounded.
    return this.exchange?.write(bytes, start, end) ?? this.retries === undefined;
  }

  unpack(envelopes: Envelopes): Iterator<unknown> | undefined {
    return this.clientMethod.shared.codec === undefined ? undefined : this.clientMethod.messagesOf(envelopes);
  }

  succeed(): void {
    this.requestEnded = true;
    this.exchange?.end();
  }

  fail(reason: unknown): void {
    this.stop(errorOfRequest(reason));
  }

  writable(): void {
    if (!this.isOver) this.#pump?.resume();
  }

  // How attempts end.

  closed(code: ResetCode | undefined, reason?: Error): void {
    if (this.isOver) return;
    if (
      code === ResetCode.RefusedStream &&
      this.#request !== undefined &&
      this.#transparentRetries++ < TRANSPARENT_RETRIES
    ) {
      this.exchange = undefined;
      this.#connect();
      return;
    }
    // A server may reset the call at the deadline, before our own timer fires.
    const isLate = code === ResetCode.Cancel && this.deadlineAtMs !== 0 && this.timeoutMs() === 0;
    this.#failed(isLate ? deadlineExceeded() : errorOfReset(code ?? ResetCode.InternalError, reason));
  }

  protected committed(): void {
    this.#request = undefined;
    this.retries?.commit();
  }

  protected retry(error: RpcError, trailers: Fields): boolean {
    if (this.retries?.again(error, trailers, () => this.#connect()) !== true) return false;
    this.exchange?.reset(ResetCode.Cancel);
    this.exchange = undefined;
    this.forget();
    return true;
  }

  protected over(error: RpcError | undefined): void {
    if (this.isOver) return;
    this.isOver = true;
    this.cancelled = error !== undefined;
    this.#request = undefined;
    this.forget();
    if (this.deadlineSlot >= 0) this.clientMethod.shared.deadlines.cancel(this);
    // Nobody is left to hear that the caller's own generator fails while it cleans up.
    this.#pump?.stop(() => {});
    this.retries?.over(error);
    this.clientMethod.shared.watch?.finished(this, error);
    this.abortSignal(error);
    if (error !== undefined) this.settle?.reject(error);
    if (this.#onAbort !== undefined) this.#unfollow();
    this.responses?.end(error);
    this.giveBack();
  }

  /** An attempt has failed without a word of the server. */
  #failed(error: RpcError): void {
    if (!this.retry(error, NO_FIELDS)) this.over(error);
  }

  // Inside.

  #begin(request: unknown): void {
    const { shared, isSingleRequest, policy } = this.clientMethod;
    shared.watch?.started(this);
    const { signal } = this.options;
    const timeoutMs = this.#timeoutMs();
    const wrong = this.metadata === undefined ? undefined : wrongMetadata(this.metadata);
    if (wrong !== undefined) {
      this.over(new RpcError(Code.InvalidArgument, wrong));
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
    this.retries = policy?.retry?.begin(this, !isSingleRequest);
    if (isSingleRequest) {
      if (!this.#encode(request)) return;
    } else {
      const { noRequestStreams } = shared.transport;
      if (noRequestStreams !== undefined) {
        this.over(new RpcError(Code.Unimplemented, noRequestStreams));
        return;
      }
      this.#messages = request;
    }
    this.#connect();
  }

  /** The shorter of the caller's and the service config's. Source: gRFC A2. */
  #timeoutMs(): number | undefined {
    const timeoutMs = this.options.timeoutMs === Number.POSITIVE_INFINITY ? undefined : this.options.timeoutMs;
    const most = this.clientMethod.policy?.timeoutMs;
    return timeoutMs === undefined || (most !== undefined && most < timeoutMs) ? most : timeoutMs;
  }

  /** Encodes the only message of a request, and keeps it. */
  #encode(request: unknown): boolean {
    try {
      if (request instanceof Envelopes) checkSingle(request);
      if (request instanceof Envelopes && this.clientMethod.shared.codec === undefined) {
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
      this.over(errorOfRequest(error));
      return false;
    }
  }

  #connect(): void {
    const { shared, policy } = this.clientMethod;
    let connection: Connection | Promise<Connection>;
    try {
      connection = shared.transport.connection(this.options.waitForReady ?? policy?.waitForReady ?? false);
    } catch (error) {
      this.#failed(unavailable(error));
      return;
    }
    if (connection instanceof Promise) {
      connection.then(
        (connection) => this.#open(connection, this.timeoutMs()),
        (error) => {
          if (!this.isOver) this.#failed(unavailable(error));
        },
      );
    } else {
      // The value that calls share, unless an earlier attempt took some of it.
      const isFirst = this.#transparentRetries === 0 && (this.retries?.attempts ?? 1) === 1;
      this.#open(connection, isFirst ? this.#timeoutMs() : this.timeoutMs());
    }
  }

  #open(connection: Connection, timeoutMs: number | undefined): void {
    if (this.isOver) return;
    const { clientMethod, metadata } = this;
    const retries = this.retries;
    if (retries === undefined) {
      this.exchange = clientMethod.open(connection, timeoutMs, metadata, 0, this);
    } else {
      this.exchange = clientMethod.open(connection, timeoutMs, metadata, retries.attempts - 1, retries.attempt());
    }
    if (this.#request !== undefined) {
      this.sendRange(this.#request, this.#requestStart, this.#requestEnd, 1);
      this.succeed();
    } else if (this.#pump === undefined) {
      this.#send(this.#messages);
    } else {
      const hasRoom = retries?.replay(this.exchange) ?? true;
      if (this.requestEnded) this.exchange.end();
      else if (hasRoom) this.#pump.resume();
    }
  }

  #send(messages: unknown): void {
    try {
      // Without types it may be anything.
      this.#pump = new Pump(this, messages as Many<unknown>);
    } catch (error) {
      this.fail(error);
      return;
    }
    this.#pump.run();
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

  /** Hears no more of the caller's signal: at once, or when the messages that have come are read. */
  #unfollow(): void {
    const onAbort = this.#onAbort ?? (() => {});
    const leave = () => this.options.signal?.removeEventListener("abort", onAbort);
    if (this.responses === undefined) leave();
    else this.responses.onDone = leave;
  }
}
