import type { Registry } from "@bufbuild/protobuf";
import { Code } from "../call/code.js";
import type { Expiring } from "../call/deadline.js";
import { Envelopes } from "../call/envelopes.js";
import { IncomingQueue } from "../call/incoming.js";
import { appendMessage, checkSingle } from "../call/outgoing.js";
import { isPromiseLike } from "../call/promise-like.js";
import { type Many, Pump, type Pumped, type Source } from "../call/pump.js";
import { RpcError } from "../call/rpc-error.js";
import { Batch, bytesIn } from "../envelope/batch.js";
import { CompressedMessage } from "../envelope/compressed-message.js";
import { isWholeMessage, PREFIX_BYTES } from "../envelope/prefix.js";
import { type Ranges, Splitter } from "../envelope/splitter.js";
import { type Exchange, ResetCode } from "../exchange.js";
import type { Format } from "../protocol/content-type.js";
import { errorOfFault } from "../protocol/fault.js";
import { headTooLarge, isTooLarge } from "../protocol/header-list.js";
import { fieldsOf } from "../protocol/metadata.js";
import type { RefusingSink, RequestHead, ResponseEnd, ServerProtocol } from "../protocol/protocol.js";
import { CallContext } from "./call-context.js";
import { errorOf } from "./error-of.js";
import type { MethodFormat, Route } from "./route.js";

/**
 * One call on the server: the sink of its exchange, and what its handler sees. One class for all four kinds, because the engine
 * calls sinks at one place, and a second class there costs more than a test of the kind.
 *
 *     begun -- handler invoked -- ended (the response has left) -- closed (the exchange has)
 *
 * The handler settles before or after the call has ended. Once it has settled and the exchange is closed, the slot is released.
 */
export class ServerCall extends CallContext implements RefusingSink, Expiring, Pumped, ResponseEnd {
  readonly format: Format;
  readonly #methodFormat: MethodFormat;
  readonly #requestHead: RequestHead;
  headSent = false;
  #ended = false;
  #settled = false;
  #closed = false;
  /** Whether it stands among the running calls: it did not settle in the turn in which its handler was invoked. */
  #isRunning = false;
  /** The message of a request that came whole in one piece; else `#splitter` has it. */
  #bytes: Uint8Array | undefined = undefined;
  #start = 0;
  #end = 0;
  #splitter: Splitter | undefined = undefined;
  #requests: IncomingQueue<unknown> | undefined = undefined;
  /** Bytes of a streamed request for which no receive window was given back yet. */
  #unused = 0;
  #pump: Pump | undefined = undefined;

  deadlineSlot = -1;
  deadlineTick = 0;
  deadlineBefore: Expiring | undefined = undefined;
  deadlineAfter: Expiring | undefined = undefined;

  constructor(exchange: Exchange, route: Route, protocol: ServerProtocol, format: Format, head: RequestHead) {
    super(exchange, route, protocol);
    this.format = format;
    this.#methodFormat = route.format(format);
    this.#requestHead = head;
  }

  /** Starts the deadline, and the handler if it takes a stream. */
  begin(): void {
    const { route } = this;
    route.watch?.started(this);
    const { timeoutMs } = this.#requestHead;
    if (timeoutMs !== undefined) this.#setDeadline(timeoutMs);
    if (route.isSingleRequest || this.#ended) return;
    const stopped = () => this.#giveBack();
    const requests = new IncomingQueue<unknown>(stopped, stopped);
    this.#requests = requests;
    this.#invoke(requests);
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  protected get isAborted(): boolean {
    return this.#ended;
  }

  get compressions(): Route["options"]["compressions"] {
    return this.route.options.compressions;
  }

  get registry(): Registry | undefined {
    return this.route.options.jsonOptions.registry;
  }

  get out(): Route["shared"]["out"] {
    return this.route.shared.out;
  }

  // The request comes in.

  head(): void {
    // Heads of responses come to clients.
  }

  data(bytes: Uint8Array, start: number, end: number): void {
    const count = end - start;
    if (count === 0) return;
    if (this.#ended) {
      this.exchange.consumed(count);
    } else if (this.#requests !== undefined) {
      this.#unused += count;
      this.#split(bytes, start, end);
      if (this.#requests.isWaiting) this.#giveBack();
    } else {
      this.exchange.consumed(count);
      if (this.#bytes !== undefined) {
        this.#refuseCount("more than one message");
      } else if (this.#splitter === undefined && isWholeMessage(bytes, start, end, this.route.options.readMaxBytes)) {
        this.#bytes = bytes;
        this.#start = start + PREFIX_BYTES;
        this.#end = end;
      } else {
        this.#split(bytes, start, end);
      }
    }
  }

  turn(): void {
    if (this.#requests !== undefined) this.#deliver(this.#requests);
    else if (this.#bytes !== undefined) this.#keep(this.#bytes);
  }

  end(): void {
    if (this.#ended) return;
    if (this.#splitter?.isPartial === true) {
      this.#stop(new RpcError(Code.InvalidArgument, "the request ends within a message"));
    } else if (this.#requests !== undefined) {
      this.#deliver(this.#requests);
      this.#requests.end();
    } else {
      this.#endOfSingle();
    }
  }

  writable(): void {
    if (!this.#ended) this.#pump?.resume();
  }

  closed(code: number | undefined): void {
    if (!this.#ended) {
      const reason = code === ResetCode.ConnectionLost ? "the connection was lost" : "the caller cancelled the call";
      this.#abandon(new RpcError(Code.Canceled, reason));
    }
    this.#closed = true;
    if (this.#settled) this.exchange.release();
  }

  // The call ends, from outside.

  expire(): void {
    this.#stop(new RpcError(Code.DeadlineExceeded, "the deadline has passed"));
  }

  /** Ends the call because what came is no request of its protocol. */
  refuse(error: RpcError): void {
    this.#stop(error);
  }

  /** Ends the call because the server stops. */
  abandon(): void {
    this.#stop(new RpcError(Code.Unavailable, "the server is stopping"));
  }

  // The response goes out.

  sendHeader(): void {
    if (this.headSent || this.#ended) return;
    const block = this.#methodFormat.head(this.protocol, this.#requestHead.accepted);
    const { addedHeader } = this;
    const whole = addedHeader === undefined ? block : this.protocol.headWith(block, addedHeader);
    if (addedHeader !== undefined && isTooLarge(this.exchange, whole.fields)) throw this.#dropHeader();
    this.headSent = true;
    this.exchange.head(whole);
  }

  append(response: unknown): void {
    const { response: codec } = this.#methodFormat;
    appendMessage(this.out, response, codec, this.route.options, this.#requestHead.accepted, this.compress);
  }

  sendRange(bytes: Uint8Array, start: number, end: number, count: number): boolean {
    this.sendHeader();
    this.route.watch?.sent(this, count, end - start);
    return this.exchange.write(bytes, start, end);
  }

  unpack(envelopes: Envelopes): Iterator<unknown> | undefined {
    return this.format === "proto" ? undefined : this.#methodFormat.messagesOf(envelopes);
  }

  succeed(): void {
    this.#finish(undefined);
    this.#settle();
  }

  fail(reason: unknown): void {
    if (!this.#ended) {
      const error = errorOf(reason, this, this.route.shared.onError);
      this.#finish(error);
      this.#requests?.fail(error);
    }
    if (this.#pump === undefined) this.#settle();
    else this.#stopPump(this.#pump);
  }

  // Inside.

  #split(bytes: Uint8Array, start: number, end: number): void {
    if (this.#splitter === undefined) {
      const { options, shared } = this.route;
      this.#splitter = new Splitter(options.readMaxBytes, this.#requestHead.compression, 0, shared.held);
    }
    const splitter = this.#splitter;
    const fault = splitter.push(bytes, start, end);
    if (fault !== undefined) this.#stop(errorOfFault(fault));
    else if (this.#requests === undefined && splitter.total + (splitter.isPartial ? 1 : 0) > 1) {
      this.#refuseCount("more than one message");
    }
  }

  /** The message is there, and the request has not ended: until it does, the rest of the read must not be held. */
  #keep(bytes: Uint8Array): void {
    const length = this.#end - this.#start;
    if (bytes.buffer.byteLength === length) return;
    // Not slice(): a Buffer's gives a view.
    this.#bytes = new Uint8Array(bytes.subarray(this.#start, this.#end));
    this.#start = 0;
    this.#end = length;
  }

  #refuseCount(found: string): void {
    this.#stop(new RpcError(Code.Unimplemented, `the method takes exactly one message, the request has ${found}`));
  }

  #deliver(requests: IncomingQueue<unknown>): void {
    const splitter = this.#splitter;
    if (splitter === undefined || this.#ended) return;
    for (let next = splitter.take(); next !== undefined; next = splitter.take()) {
      const came = next;
      if (came instanceof CompressedMessage) requests.push(() => this.#inflated(came));
      else if (requests.push(this.#received(came))) splitter.recycle(came);
    }
  }

  #inflated(came: CompressedMessage): Batch<unknown> | Promise<Batch<unknown>> {
    const ranges = this.route.shared.inflateTurns.inflate(came, this);
    return ranges instanceof Promise ? ranges.then((later) => this.#received(later)) : this.#received(ranges);
  }

  #received({ bytes, starts, ends, count }: Ranges): Batch<unknown> {
    this.route.watch?.received(this, count, bytesIn(starts, ends, count));
    return new Batch(bytes, starts, ends, count, this.#methodFormat.decode);
  }

  #only({ bytes, starts, ends }: Ranges): void {
    this.#bytes = bytes;
    this.#start = starts[0] ?? 0;
    this.#end = ends[0] ?? 0;
  }

  /** The caller has sent all of a request that is one message. */
  #endOfSingle(): void {
    try {
      const came = this.#splitter?.take();
      const ranges = came instanceof CompressedMessage ? this.route.shared.inflateTurns.inflate(came, this) : came;
      if (ranges instanceof Promise) {
        this.#wait(ranges);
        return;
      }
      if (ranges !== undefined) this.#only(ranges);
    } catch (error) {
      this.fail(error);
      return;
    }
    this.#invokeWithSingle();
  }

  /** The message is inflated in its turn. Until then the call runs, whatever ends it. */
  #wait(ranges: Promise<Ranges>): void {
    this.#run();
    const invoke = (came: Ranges) => {
      this.#only(came);
      this.#invokeWithSingle();
    };
    ranges.then(invoke).catch((error: unknown) => this.fail(error));
  }

  #invokeWithSingle(): void {
    let message: unknown;
    try {
      if (this.#bytes === undefined) {
        this.#refuseCount("none");
        return;
      }
      this.route.watch?.received(this, 1, this.#end - this.#start);
      message = this.#methodFormat.decode(this.#bytes, this.#start, this.#end);
    } catch (error) {
      this.fail(error);
      return;
    }
    this.#bytes = undefined;
    this.#splitter = undefined;
    this.#invoke(message);
  }

  #invoke(request: unknown): void {
    try {
      const result = this.route.invoke(request, this);
      if (isPromiseLike(result)) this.#await(result);
      else this.#respond(result);
    } catch (error) {
      this.fail(error);
    }
    if (!this.#settled) this.#run();
  }

  #run(): void {
    this.#isRunning = true;
    this.route.shared.running.add(this);
  }

  /** A unary handler may promise its response, and an interceptor may promise the stream of them. */
  #await(response: PromiseLike<unknown>): void {
    const fail = (reason: unknown) => this.fail(reason);
    response.then((value) => {
      try {
        this.#respond(value);
      } catch (error) {
        fail(error);
      }
    }, fail);
  }

  #respond(response: unknown): void {
    if (!this.route.isSingleResponse) {
      this.#pump = new Pump(this, response as Many<unknown> | Source<unknown>);
      if (this.#ended) this.#stopPump(this.#pump);
      else this.#pump.run();
      return;
    }
    if (!this.#ended) {
      if (response instanceof Envelopes) checkSingle(response);
      if (response instanceof Envelopes && this.format === "proto") {
        this.sendRange(response.bytes, response.start, response.end, 1);
      } else {
        this.append(response instanceof Envelopes ? this.unpack(response)?.next().value : response);
        this.sendRange(this.out.bytes, this.out.mark, this.out.at, 1);
      }
    }
    this.succeed();
  }

  #setDeadline(timeoutMs: number): void {
    const { maxTimeoutMs } = this.route.options;
    if (timeoutMs > maxTimeoutMs) {
      const text = `the timeout of ${timeoutMs} ms is longer than the ${maxTimeoutMs} ms allowed`;
      this.#stop(new RpcError(Code.InvalidArgument, text));
    } else if (timeoutMs <= 0) {
      this.expire();
    } else {
      this.deadlineAtMs = this.route.shared.deadlines.schedule(this, timeoutMs);
    }
  }

  /** Sends the end of the response, whatever the handler does. */
  #stop(error: RpcError): void {
    if (this.#ended) return;
    this.cancelled = true;
    this.#finish(error);
    this.#release(error);
  }

  /** The exchange has gone: there is nobody to answer. */
  #abandon(error: RpcError): void {
    this.cancelled = true;
    this.#ended = true;
    this.#over(error);
    this.#release(error);
  }

  #finish(error: RpcError | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    if (!this.headSent && this.addedHeader !== undefined && isTooLarge(this.exchange, fieldsOf(this.addedHeader))) {
      const tooLarge = this.#dropHeader();
      error ??= tooLarge;
    }
    try {
      this.protocol.end(this.exchange, this, error);
    } catch (reason) {
      // An error's details may not fit their schemas. Nothing has left yet.
      error = errorOf(reason, this, this.route.shared.onError);
      this.protocol.end(this.exchange, this, error);
    }
    this.#over(error);
  }

  /** The handler's fields for the head are more than the caller takes. */
  #dropHeader(): RpcError {
    this.addedHeader = undefined;
    return headTooLarge(this.exchange);
  }

  #over(error: RpcError | undefined): void {
    if (this.deadlineSlot >= 0) this.route.shared.deadlines.cancel(this);
    this.route.watch?.finished(this, error);
    this.abortSignal(error);
    this.#splitter?.release();
    this.#giveBack();
  }

  /** Lets a handler go that nobody listens to any more. */
  #release(error: RpcError): void {
    this.#bytes = undefined;
    this.#splitter = undefined;
    this.#requests?.fail(error);
    if (this.#pump !== undefined) this.#stopPump(this.#pump);
    // A handler that takes one message was never invoked if none came.
    else if (!this.#isRunning && this.#requests === undefined) this.#settle();
  }

  #stopPump(pump: Pump): void {
    pump.stop((failure) => {
      if (failure !== undefined) errorOf(failure.reason, this, this.route.shared.onError);
      this.#settle();
    });
  }

  #settle(): void {
    if (this.#settled) return;
    this.#settled = true;
    if (this.#isRunning) {
      this.#isRunning = false;
      this.route.shared.running.delete(this);
      this.route.shared.onSettled();
    }
    if (this.#closed) this.exchange.release();
  }

  #giveBack(): void {
    if (this.#unused === 0) return;
    const bytes = this.#unused;
    this.#unused = 0;
    this.exchange.consumed(bytes);
  }
}
