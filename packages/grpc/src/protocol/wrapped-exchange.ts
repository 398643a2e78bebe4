import type { Exchange, Fields, HeaderBlock, Peer, ResetCode } from "../exchange.js";

/** An exchange that is another one, but for what a subclass changes. */
export class WrappedExchange implements Exchange {
  readonly verb: string;
  readonly path: string;
  readonly authority: string;
  readonly fields: Fields;
  readonly peer: Peer;
  protected readonly inner: Exchange;

  constructor(inner: Exchange) {
    this.inner = inner;
    this.verb = inner.verb;
    this.path = inner.path;
    this.authority = inner.authority;
    this.fields = inner.fields;
    this.peer = inner.peer;
  }

  get maxHeaderListBytes(): number | undefined {
    return this.inner.maxHeaderListBytes;
  }

  head(block: HeaderBlock, status?: number): void {
    this.inner.head(block, status);
  }

  write(bytes: Uint8Array, start: number, end: number): boolean {
    return this.inner.write(bytes, start, end);
  }

  end(trailers?: HeaderBlock): void {
    this.inner.end(trailers);
  }

  reset(code: ResetCode): void {
    this.inner.reset(code);
  }

  consumed(bytes: number): void {
    this.inner.consumed(bytes);
  }

  release(): void {
    this.inner.release();
  }
}
