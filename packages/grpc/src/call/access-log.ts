import type { DescMethod } from "@bufbuild/protobuf";
import { A_FUNCTION, checkArgument, checkNumber, checkOptions, type Expectations } from "../options.js";
import type { Call } from "./call.js";
import { codeName } from "./code.js";
import type { Observer } from "./observer.js";
import type { RpcError } from "./rpc-error.js";

/** A call that has ended, as one line of a log. */
export interface CallEntry {
  /** package.Service/Method */
  readonly method: string;
  /** Where the caller is, or the server if this is a client: `host:port`, a path for Unix sockets, or "memory". */
  readonly peer: string;
  /** "grpc", "grpc-web" or "connect". */
  readonly protocol: string;
  /** OK, INVALID_ARGUMENT, ... */
  readonly code: string;
  /** What the error said; undefined if the call ended well. */
  readonly error: string | undefined;
  /** From the request's head to the end of the response. */
  readonly durationMs: number;
  /** Messages that this side has received: a server's requests, a client's responses. */
  readonly messagesReceived: number;
  /** Bytes of messages, without prefixes. */
  readonly bytesReceived: number;
  /** Messages that this side has sent. */
  readonly messagesSent: number;
  /** Bytes of messages, with their prefixes. */
  readonly bytesSent: number;
}

/** Takes an entry, and the call for what else a log wants to say of it. */
export type LogCall = (entry: CallEntry, call: Call) => void;

/** Which calls are logged. */
export interface AccessLogOptions {
  /** Whether a call that begins now is logged. Default: each is. */
  readonly when?: (call: Call) => boolean;
}

/**
 * Logs each call when it has ended.
 *
 * @throws {TypeError} if `log` is no function, or an option is none
 */
export function accessLog(log: LogCall, options: AccessLogOptions = {}): Observer {
  checkArgument("accessLog()", "log", log, A_FUNCTION);
  checkOptions("accessLog()", options, EXPECTED);
  const { when } = options;
  const calls = new Map<Call, Tally>();
  return {
    started(call) {
      if (when === undefined || when(call)) calls.set(call, new Tally());
    },
    received(call, count, bytes) {
      calls.get(call)?.received(count, bytes);
    },
    sent(call, count, bytes) {
      calls.get(call)?.sent(count, bytes);
    },
    finished(call, error) {
      const tally = calls.get(call);
      if (tally === undefined) return;
      calls.delete(call);
      log(tally.entry(call, error), call);
    },
  };
}

/**
 * Logs calls that took at least so long, when they have ended. Only calls whose request is one message count: with a stream it is
 * the caller who says how long a call lasts.
 *
 * @throws {RangeError} if `leastMs` is no number of at least 0
 * @throws {TypeError} if `log` is no function
 */
export function slowCallLog(leastMs: number, log: LogCall): Observer {
  checkNumber("leastMs", leastMs);
  checkArgument("slowCallLog()", "log", log, A_FUNCTION);
  const logIfSlow: LogCall = (entry, call) => {
    if (entry.durationMs >= leastMs) log(entry, call);
  };
  return accessLog(logIfSlow, { when: ({ method }) => isSingleRequest(method) });
}

const EXPECTED: Expectations<AccessLogOptions> = { when: A_FUNCTION };

const isSingleRequest = ({ methodKind }: DescMethod) => methodKind === "unary" || methodKind === "server_streaming";

/** What is counted of one call. */
class Tally {
  readonly #startedAtMs = performance.now();
  #messagesReceived = 0;
  #bytesReceived = 0;
  #messagesSent = 0;
  #bytesSent = 0;

  received(count: number, bytes: number): void {
    this.#messagesReceived += count;
    this.#bytesReceived += bytes;
  }

  sent(count: number, bytes: number): void {
    this.#messagesSent += count;
    this.#bytesSent += bytes;
  }

  entry(call: Call, error: RpcError | undefined): CallEntry {
    return {
      method: `${call.service.typeName}/${call.method.name}`,
      peer: call.peer.address,
      protocol: call.protocolName,
      code: codeName(error?.code ?? 0),
      error: error?.rawMessage,
      durationMs: performance.now() - this.#startedAtMs,
      messagesReceived: this.#messagesReceived,
      bytesReceived: this.#bytesReceived,
      messagesSent: this.#messagesSent,
      bytesSent: this.#bytesSent,
    };
  }
}
