import { NoteStoreError } from "../notes/note-store.js";
import { outcomeOf } from "./jetstream-error.js";

const RETRY_MS = 250;

/**
 * Does something again until it works: a cluster that is only just starting, or whose servers choose a leader, answers nobody.
 *
 * @throws what the last try threw, after `patienceMs`, or at once if no other try will do better
 */
export async function retryWhilePassing<T>(patienceMs: number, work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const mayPass = !(error instanceof NoteStoreError) && outcomeOf(error) === "passing";
      if (!mayPass || performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
