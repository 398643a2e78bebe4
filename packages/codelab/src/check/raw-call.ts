/** A call made by hand on the seam: requests one by one, responses read only when the check says so. */
import {
  create,
  type DescMethod,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { type Connection, type Exchange, type Fields, ResetCode, type Sink } from "@routeguide/grpc";
import { MessageSplitter } from "../wire/message-splitter.js";
import { statusOf } from "../wire/status.js";
import { PATIENCE } from "./patience.js";

/** What a server may send before the check reads: the least that HTTP/2 has. */
export const WINDOW_BYTES = 65_535;

/** How a call ended: the status that came, or the reset. */
export type CallEnd =
  | { readonly kind: "status"; readonly code: number; readonly message: string }
  | { readonly kind: "reset"; readonly code: ResetCode | undefined };

export class RawCall<M extends DescMethod = DescMethod> implements Sink {
  /** The responses that have come. */
  readonly responses: MessageShape<M["output"]>[] = [];
  /** Bytes of response that have come and count against the window. */
  unreadBytes = 0;
  /** How the call ended, once it has. */
  outcome: CallEnd | undefined;
  readonly #method: M;
  readonly #exchange: Exchange;
  readonly #splitter = new MessageSplitter();
  readonly #waiting = new Set<() => void>();
  #status: Fields = [];

  constructor(connection: Connection, method: M) {
    this.#method = method;
    this.#exchange = connection.open(
      `/${method.parent.typeName}/${method.name}`,
      { fields: ["te", "trailers", "content-type", "application/grpc"] },
      this,
    );
  }

  send(message: MessageInitShape<M["input"]>): void {
    const bytes = toBinary(this.#method.input, create(this.#method.input, message));
    const envelope = new Uint8Array(5 + bytes.length);
    new DataView(envelope.buffer).setUint32(1, bytes.length);
    envelope.set(bytes, 5);
    this.#exchange.write(envelope, 0, envelope.length);
  }

  /** Says that no request will follow. */
  halfClose(): void {
    this.#exchange.end();
  }

  cancel(): void {
    this.#exchange.reset(ResetCode.Cancel);
  }

  /** Lets the server send as much again as has come. */
  read(): void {
    this.#exchange.consumed(this.unreadBytes);
    this.unreadBytes = 0;
  }

  /**
   * Waits until something about this call is true; looks again whenever something has come.
   *
   * @returns false if the call ended or too much time passed before that
   */
  async until(isTrue: () => boolean, timeoutMs: number = PATIENCE.answer): Promise<boolean> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.#tell();
    }, timeoutMs);
    while (!isTrue() && !isLate && this.outcome === undefined) {
      await new Promise<void>((wake) => {
        this.#waiting.add(wake);
      });
    }
    clearTimeout(timer);
    return isTrue();
  }

  head(_status: number, fields: Fields): void {
    this.#status = fields;
    this.#tell();
  }

  data(bytes: Uint8Array, start: number, end: number): void {
    this.unreadBytes += end - start;
    this.#splitter.add(bytes, start, end, (message) => {
      this.responses.push(fromBinary(this.#method.output, message) as MessageShape<M["output"]>);
    });
  }

  turn(): void {
    this.#tell();
  }

  end(trailers: Fields): void {
    this.#status = trailers;
    this.#tell();
  }

  writable(): void {}

  closed(code: ResetCode | undefined): void {
    const status = statusOf(this.#status);
    this.outcome = status === undefined ? { kind: "reset", code } : { kind: "status", ...status };
    this.#tell();
  }

  #tell(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}
