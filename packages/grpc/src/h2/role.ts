import type { DecodedBlock } from "./hpack/block-cache.js";
import type { PeerSettings } from "./settings.js";
import type { Violation } from "./violation.js";

/** What client and server do differently. */
export interface Role {
  readonly isServer: boolean;
  /** The highest stream of the peer's that was looked at, for GOAWAY. */
  readonly lastStream: number;
  /** Whether nothing more will be opened, and nothing is open. */
  readonly isDone: boolean;
  /**
   * A header block, in the order of the bytes.
   *
   * @param bad what is wrong with the frames that brought it
   * @returns what ends the connection
   */
  block(stream: number, endStream: boolean, block: DecodedBlock, bad: Violation | undefined): Violation | undefined;
  /** Whether a stream of this number was never opened. */
  isIdle(stream: number): boolean;
  settings(settings: PeerSettings): void;
  /** GOAWAY: the peer did not look at streams above this one. */
  goAway(lastStream: number): void;
  /** A place among the concurrent streams has become free. */
  freed(): void;
  /** Takes and opens no more streams. */
  stop(): void;
  /** Tells what could not be told when it happened. */
  catchUp(): void;
  /** The connection is over, its streams are closed. */
  over(reason: Error | undefined): void;
}
