import { MAX_31 } from "./wire.js";

/**
 * A receive window, of a stream or a connection. What is neither credit nor owed was received and is not consumed:
 * `credit + owed + unconsumed = size`.
 */
export interface ReceiveWindow {
  /** Bytes that the peer may still send. */
  credit: number;
  /** Consumed bytes that the peer has not been told about. */
  owed: number;
}

/** Takes received bytes, padding included. False if the peer had no right to send them. */
export function receive(window: ReceiveWindow, bytes: number): boolean {
  window.credit -= bytes;
  return window.credit >= 0;
}

/** Bytes received and not consumed. */
export function unconsumed(window: ReceiveWindow, size: number): number {
  return size - window.credit - window.owed;
}

/**
 * Counts bytes as consumed, never more than were received.
 *
 * @returns the increment for a WINDOW_UPDATE that is due now, or 0: half a window at a time
 */
export function consume(window: ReceiveWindow, bytes: number, size: number): number {
  window.owed += Math.min(bytes, unconsumed(window, size));
  if (window.owed * 2 < size) return 0;
  const increment = window.owed;
  window.owed = 0;
  window.credit += increment;
  return increment;
}

/** Whether a send window takes this change. It may go below zero (RFC 9113, 6.9.2), but not above 2^31-1. */
export function fits(window: number, change: number): boolean {
  return window + change <= MAX_31;
}
