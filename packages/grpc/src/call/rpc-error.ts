import { create, type DescMessage, fromBinary, type MessageInitShape, type MessageShape } from "@bufbuild/protobuf";
import { reasonOf, shown } from "../shown.js";
import { Code, codeName, isCode } from "./code.js";

/** Whatever `new Headers()` takes. */
export type HeadersInit = NonNullable<ConstructorParameters<typeof Headers>[0]>;

/** A detail to send: a message that programs may read. */
export interface OutgoingDetail<D extends DescMessage = DescMessage> {
  readonly desc: D;
  readonly value: MessageInitShape<D>;
}

/** A detail as it was received: the full name of its message, and its bytes. */
export interface IncomingDetail {
  /** The message's full name, without type.googleapis.com/. */
  readonly type: string;
  /** The message in protobuf's binary form. */
  readonly value: Uint8Array;
}

/** What an error carries for programs. */
export type Detail = OutgoingDetail | IncomingDetail;

/** What an error may have beside its code and message. */
export interface RpcErrorOptions {
  /** Typed messages for the caller's program, sent as google.rpc details. */
  readonly details?: readonly Detail[];
  /** Fields for the response's trailers. */
  readonly metadata?: HeadersInit;
  /** Why; for this side's log, never sent. */
  readonly cause?: unknown;
}

/**
 * What a call ends with when it does not end well. Thrown by a handler, it reaches the caller with code, message, details and
 * metadata; everything else that a handler throws becomes UNKNOWN and keeps its text to itself.
 */
export class RpcError extends Error {
  override readonly name: string = "RpcError";
  /** How the call ended. */
  readonly code: Code;
  /** The message without the code in front. */
  readonly rawMessage: string;
  /** Typed messages for programs, as they were given or as they came. */
  readonly details: readonly Detail[];
  #metadata: Headers | undefined;

  /**
   * @param message for the caller. As with Error, what is no text becomes one, and nothing becomes ""
   * @throws {TypeError} for what is no code: a ConnectError has its message first
   */
  constructor(code: Code, message: string, options?: RpcErrorOptions) {
    // A status that cannot be written would fail only where it is sent, far from here.
    if (!isCode(code)) {
      throw new TypeError(`new RpcError() got ${shown(code)} as its code: expected a Code, then the message`);
    }
    const text = typeof message === "string" ? message : message === undefined ? "" : reasonOf(message);
    super(`${codeName(code)}: ${text}`, options?.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.rawMessage = text;
    this.details = options?.details ?? [];
    this.#metadata = options?.metadata === undefined ? undefined : new Headers(options.metadata);
  }

  /** Fields beside the status: what the server sends or sent in the trailers. */
  get metadata(): Headers {
    this.#metadata ??= new Headers();
    return this.#metadata;
  }

  /** Whether anybody made the metadata, which is rare. */
  get hasMetadata(): boolean {
    return this.#metadata !== undefined;
  }

  /** The details of one type, decoded. What does not decode is left out. */
  findDetails<D extends DescMessage>(desc: D): MessageShape<D>[] {
    const found: MessageShape<D>[] = [];
    for (const detail of this.details) {
      if ("desc" in detail) {
        if (detail.desc.typeName === desc.typeName) found.push(create(desc, detail.value as MessageInitShape<D>));
      } else if (detail.type === desc.typeName) {
        try {
          found.push(fromBinary(desc, detail.value));
        } catch {
          // A peer's broken detail must not hide the error that it decorates.
        }
      }
    }
    return found;
  }

  /** Whatever was thrown as an RpcError: itself, one shaped like it (a ConnectError), or else the fallback with the reason as cause. */
  static from(reason: unknown, fallback: Code = Code.Unknown): RpcError {
    if (isErrorShape(reason)) {
      if (reason instanceof RpcError) return reason;
      return new RpcError(reason.code, reason.rawMessage, {
        details: detailsOf(reason),
        ...(reason.metadata instanceof Headers && { metadata: reason.metadata }),
        cause: reason,
      });
    }
    return new RpcError(fallback, reasonOf(reason), { cause: reason });
  }
}

/** Whether an error was meant for the caller: an RpcError or one shaped like it. */
export function isErrorShape(
  reason: unknown,
): reason is { code: Code; rawMessage: string; metadata?: unknown; details?: unknown } {
  try {
    return (
      reason instanceof Error &&
      "code" in reason &&
      isCode(reason.code) &&
      "rawMessage" in reason &&
      typeof reason.rawMessage === "string"
    );
  } catch {
    // A proxy may throw whatever it is asked.
    return false;
  }
}

function detailsOf({ details }: { details?: unknown }): Detail[] {
  if (!Array.isArray(details)) return [];
  return details.filter(isDetail);
}

function isDetail(detail: unknown): detail is Detail {
  if (typeof detail !== "object" || detail === null || !("value" in detail)) return false;
  return (
    "desc" in detail || ("type" in detail && typeof detail.type === "string" && detail.value instanceof Uint8Array)
  );
}
