import type { EventEmitter } from "node:events";

/** Waits for a socket's close, whatever error comes before it: to `once()` of node:events the error would be the answer. */
export function untilGone(socket: EventEmitter): Promise<void> {
  return new Promise((resolve) => {
    socket.once("close", () => resolve());
  });
}
