import { setTimeout as later } from "node:timers/promises";
import { PATIENCE } from "./patience.js";

/** How long before something is looked at again that tells nobody when it changes, in milliseconds. */
const AGAIN_MS = 20;

/** Waits until something becomes true that can only be asked for: a process's handles, say. False: not within our patience. */
export async function settles(isTrue: () => Promise<boolean>, patienceMs: number = PATIENCE.answer): Promise<boolean> {
  const endMs = performance.now() + patienceMs;
  for (;;) {
    if (await isTrue()) return true;
    if (performance.now() > endMs) return false;
    await later(AGAIN_MS);
  }
}
