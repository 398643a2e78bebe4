import { Code } from "../call/code.js";
import type { IncomingQueue } from "../call/incoming.js";
import { RpcError } from "../call/rpc-error.js";
import { Batch, bytesIn } from "../envelope/batch.js";
import { CompressedMessage } from "../envelope/compressed-message.js";
import type { Compression } from "../envelope/compression.js";
import { isWholeMessage, PREFIX_BYTES } from "../envelope/prefix.js";
import { type Ranges, Splitter } from "../envelope/splitter.js";
import { type Fields, ResetCode } from "../exchange.js";
import type { CallSink, ResponseOutcome } from "../protocol/client-protocol.js";
import { errorOfFault, inflate } from "../protocol/fault.js";
import { headersOf } from "../protocol/metadata.js";
import { ClientContext } from "./client-context.js";
import { printLookError } from "./client-error.js";
import type { Retries } from "./retries.js";

/** Where the single response of a call goes. */
interface Settle {
  resolve(message: unknown): void;
  reject(error: RpcError): void;
}

/**
 * The response of a call as it comes in: what the engine brings becomes messages, for whoever waits for the only one or reads the
 * stream of them. How the call goes on and ends is for {@link ClientCall}.
 */
export abstract class ClientResponse extends ClientContext implements CallSink {
  protected isOver = false;
  protected settle: Settle | undefined = undefined;
  protected responses: IncomingQueue<unknown> | undefined = undefined;
  /** What a retry policy needs; undefined: there is none. */
  protected retries: Retries | undefined = undefined;
  /** Whether all of the request has been written. */
  protected requestEnded = false;
  #compression: Compression | undefined = undefined;
  #splitter: Splitter | undefined = undefined;
  /** The message of a response that came whole in one piece; else `#splitter` has it. */
  #bytes: Uint8Array | undefined = undefined;
  #start = 0;
  #end = 0;
  #unused = 0;

  /** From here on the response is this attempt's. */
  protected abstract committed(): void;
  /** The attempt has failed. Returns whether there is another one. */
  protected abstract retry(error: RpcError, trailers: Fields): boolean;
  /** The caller knows how the call ended. Whatever comes later is not looked at. */
  protected abstract over(error: RpcError | undefined): void;
  abstract writable(): void;
  abstract closed(code: ResetCode | undefined, reason?: Error): void;
  head(status: number, fields: Fields): void {
    if (this.isOver) return;
    this.headFields = fields;
    const { protocol, responseOptions } = this.clientMethod;
    const head = protocol.readHead(status, fields, responseOptions);
    // An outcome may be followed by another attempt, and what is held back here is told when it is not.
    if (this.retries === undefined || !protocol.isOutcome(status, fields)) this.#commit();
    if (!(head instanceof RpcError)) this.#compression = head.compression;
    else if (!this.retry(head, fields)) this.#stopAt(head);
  }

  data(bytes: Uint8Array, start: number, end: number): void {
    const count = end - start;
    if (count === 0) return;
    if (this.isOver) {
      this.exchange?.consumed(count);
    } else if (this.responses !== undefined) {
      this.#unused += count;
      this.#split(bytes, start, end);
      if (this.responses.isWaiting) this.giveBack();
    } else {
      this.exchange?.consumed(count);
      if (
        this.#bytes === undefined &&
        this.#splitter === undefined &&
        isWholeMessage(bytes, start, end, this.clientMethod.readMaxBytes)
      ) {
        this.#bytes = bytes;
        this.#start = start + PREFIX_BYTES;
        this.#end = end;
      } else {
        this.#split(bytes, start, end);
      }
    }
  }

  turn(): boolean {
    return this.responses !== undefined && this.#deliver(this.responses);
  }

  end(trailers: Fields): boolean {
    if (this.isOver) return false;
    const { protocol } = this.clientMethod;
    return this.ended(protocol.readEnd(this.headFields, trailers, this.#splitter?.endMessage));
  }

  /** Returns as {@link end} does. */
  ended({ trailers, error }: ResponseOutcome): boolean {
    if (this.isOver) return false;
    if (this.retries?.isCommitted === false) {
      if (error !== undefined && this.retry(error, trailers)) return true;
      this.#commit();
    }
    this.trailerFields = trailers;
    const { onTrailer } = this.options;
    if (onTrailer !== undefined) this.look(() => onTrailer(headersOf(trailers)));
    const isUsed = this.responses === undefined ? this.#isOwned : this.#deliver(this.responses);
    if (error === undefined && this.#splitter?.isPartial === true) {
      this.over(new RpcError(Code.Internal, "the response ends within a message"));
    } else if (error !== undefined || this.responses !== undefined) {
      this.over(error);
    } else {
      this.#endOfSingle();
    }
    // The server wants no more of the request, but not every server stops it.
    if (!this.requestEnded) this.exchange?.reset(ResetCode.NoError);
    return isUsed;
  }

  /** Ends the call from this side. The caller sees it at once, whatever lies there to be read. */
  protected stop(error: RpcError): void {
    if (this.isOver) return;
    this.responses?.fail(error);
    this.over(error);
    this.exchange?.reset(ResetCode.Cancel);
  }

  /** Forgets what has come of an attempt that failed. */
  protected forget(): void {
    this.#compression = undefined;
    this.#splitter = undefined;
    this.#bytes = undefined;
  }

  /** Gives the window back for what the reader has used. */
  protected giveBack(): void {
    if (this.#unused === 0) return;
    const bytes = this.#unused;
    this.#unused = 0;
    this.exchange?.consumed(bytes);
  }

  /** Lets the caller look at header fields. What that throws changes nothing for the call. */
  protected look(observe: () => void): void {
    try {
      observe();
    } catch (error) {
      printLookError(error);
    }
  }

  /** The head is all that there is of this response. */
  #stopAt(error: RpcError): void {
    if (this.retries?.isCommitted === false) this.#commit();
    this.stop(error);
  }

  #commit(): void {
    this.committed();
    const { onHeader } = this.options;
    if (onHeader !== undefined) this.look(() => onHeader(headersOf(this.headFields)));
  }

  #split(bytes: Uint8Array, start: number, end: number): void {
    if (this.#splitter === undefined) {
      const { readMaxBytes, protocol } = this.clientMethod;
      this.#splitter = new Splitter(readMaxBytes, this.#compression, protocol.endFlag);
      if (this.#bytes !== undefined) this.#splitter.push(this.#bytes, this.#start - PREFIX_BYTES, this.#end);
    }
    const fault = this.#splitter.push(bytes, start, end);
    if (fault !== undefined) this.#refuse(errorOfFault(fault));
    else if (this.responses === undefined && this.#splitter.total > 1) {
      this.stop(new RpcError(Code.Unimplemented, "the response has more than the one message that the method says"));
    }
  }

  /** Hands over the messages that are whole. Returns whether all of them are used up, so that nobody looks at their bytes. */
  #deliver(responses: IncomingQueue<unknown>): boolean {
    const splitter = this.#splitter;
    if (this.isOver) return false;
    let isUsed = this.#isOwned;
    if (splitter === undefined) return isUsed;
    for (let next = splitter.take(); next !== undefined; next = splitter.take()) {
      const came = next;
      if (came instanceof CompressedMessage) responses.push(() => this.#received(inflate(came)));
      else if (!responses.push(this.#received(came))) isUsed = false;
    }
    return isUsed;
  }

  #received({ bytes, starts, ends, count }: Ranges): Batch<unknown> {
    this.clientMethod.shared.watch?.received(this, count, bytesIn(starts, ends, count));
    return new Batch(bytes, starts, ends, count, this.clientMethod.decode);
  }

  /** Whether messages hold no part of what they were decoded from. Of a codec that is not ours nobody can say. */
  get #isOwned(): boolean {
    return this.clientMethod.shared.codec === undefined;
  }

  #only({ bytes, starts, ends }: Ranges): void {
    this.#bytes = bytes;
    this.#start = starts[0] ?? 0;
    this.#end = ends[0] ?? 0;
  }

  #endOfSingle(): void {
    try {
      const came = this.#splitter?.take();
      if (came !== undefined) this.#only(inflate(came));
      if (this.#bytes === undefined) {
        this.over(new RpcError(Code.Unimplemented, "the response has no message, the method says one"));
        return;
      }
      this.clientMethod.shared.watch?.received(this, 1, this.#end - this.#start);
      const message = this.clientMethod.decode(this.#bytes, this.#start, this.#end);
      const settle = this.settle;
      this.settle = undefined;
      this.over(undefined);
      settle?.resolve(message);
    } catch (error) {
      this.over(RpcError.from(error, Code.Internal));
    }
  }

  /** Ends the call for a fault in what came. The caller sees it after the messages before it. */
  #refuse(error: RpcError): void {
    if (this.responses !== undefined) this.#deliver(this.responses);
    this.over(error);
    this.exchange?.reset(ResetCode.Cancel);
  }
}
