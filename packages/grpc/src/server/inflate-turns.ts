import { Code } from "../call/code.js";
import { RpcError } from "../call/rpc-error.js";
import type { CompressedMessage } from "../envelope/compressed-message.js";
import { FREE_PART_BYTES, type HeldBytes } from "../envelope/held-bytes.js";
import type { Ranges } from "../envelope/splitter.js";
import type { Peer } from "../exchange.js";
import { Fifo } from "../h2/fifo.js";
import { errorOfFault, inflate } from "../protocol/fault.js";

/** Inflated bytes in one turn of the event loop, after which the others have theirs: one to three milliseconds. */
const TURN_BYTES = 1024 * 1024;
/** Messages that inflate to less cost little more than their calls, and are not counted. */
const FREE_BYTES = 64 * 1024;

/** A call that wants a message inflated. */
export interface Inflating {
  readonly peer: Peer;
  /** Nobody wants the message any more. */
  readonly hasEnded: boolean;
}

interface Task {
  readonly message: CompressedMessage;
  readonly call: Inflating;
  resolve(ranges: Ranges): void;
  reject(reason: unknown): void;
}

/**
 * Inflates what a server is sent. A thousand messages that inflate to a thousand times their size fit into one read, and nobody else
 * would be served meanwhile: past so many bytes, what is left waits for the next turns, in which connections take turns, too.
 */
export class InflateTurns {
  /** Where messages that wait are counted. */
  readonly #held: HeldBytes;
  readonly #defer: (callback: () => void) => void;
  /** By connection. The one that comes next is the first. */
  readonly #waiting = new Map<Peer, Fifo<Task>>();
  /** Bytes in this turn. */
  #bytes = 0;
  #isDeferred = false;

  /** @param defer calls back in the next turn of the event loop */
  constructor(held: HeldBytes, defer: (callback: () => void) => void = nextTurn) {
    this.#held = held;
    this.#defer = defer;
  }

  /**
   * The message as it was before it was compressed: at once, or in its turn.
   *
   * @throws {RpcError} or rejects with it: if it cannot be inflated, or not within its limit, if too much waits, or the call has
   * ended meanwhile
   */
  inflate(message: CompressedMessage, call: Inflating): Ranges | Promise<Ranges> {
    const { peer } = call;
    if (this.#bytes < TURN_BYTES && !this.#waiting.has(peer)) return this.#inflate(message);
    if (!this.#held.take(heldOf(message))) {
      throw errorOfFault({ kind: "too-much-held", maxBytes: this.#held.maxBytes });
    }
    return new Promise((resolve, reject) => {
      const tasks = this.#waiting.get(peer) ?? new Fifo();
      tasks.push({ message, call, resolve, reject });
      this.#waiting.set(peer, tasks);
    });
  }

  #inflate(message: CompressedMessage): Ranges {
    let bytes = message.maxBytes;
    try {
      const ranges = inflate(message);
      bytes = ranges.bytes.length;
      return ranges;
    } finally {
      if (bytes >= FREE_BYTES) this.#count(bytes);
    }
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    if (this.#isDeferred) return;
    this.#isDeferred = true;
    this.#defer(() => this.#turn());
  }

  #turn(): void {
    this.#isDeferred = false;
    this.#bytes = 0;
    for (const [peer, tasks] of this.#waiting) {
      if (this.#bytes >= TURN_BYTES) return;
      this.#waiting.delete(peer);
      const task = tasks.shift();
      // Behind the others, who come before it in this very loop.
      if (tasks.length > 0) this.#waiting.set(peer, tasks);
      if (task !== undefined) this.#do(task);
    }
  }

  #do({ message, call, resolve, reject }: Task): void {
    this.#held.give(heldOf(message));
    try {
      if (call.hasEnded) throw new RpcError(Code.Canceled, "the call has ended");
      resolve(this.#inflate(message));
    } catch (reason) {
      reject(reason);
    }
  }
}

/** As little as of a message that has come in part. */
const heldOf = ({ byteLength }: CompressedMessage) => Math.max(0, byteLength - FREE_PART_BYTES);

/** Browsers have no setImmediate. */
function nextTurn(callback: () => void): void {
  if (typeof setImmediate === "function") setImmediate(callback);
  else setTimeout(callback, 0);
}
