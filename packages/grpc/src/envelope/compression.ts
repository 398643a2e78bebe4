/**
 * One way to compress messages. Synchronous on purpose: what one read brought is worked off before the next, and a message is
 * bounded, so that nothing else waits long.
 */
export interface Compression {
  /** As in grpc-encoding: gzip. */
  readonly name: string;
  /** What it throws fails the call that sends. */
  compress(bytes: Uint8Array): Uint8Array;
  /**
   * @returns the bytes, or "too-large" as soon as they would exceed maxBytes, or "malformed"
   */
  decompress(bytes: Uint8Array, maxBytes: number): Uint8Array | "too-large" | "malformed";
}

/** What stands in grpc-encoding when nothing is compressed. */
export const IDENTITY = "identity";
