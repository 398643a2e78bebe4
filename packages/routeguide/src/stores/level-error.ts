import { NoteStoreError, type NoteStoreFault } from "../notes/note-store.js";

/** What LevelDB says when the disk, the quota or the largest file allowed is full: the texts of ENOSPC, EDQUOT and EFBIG. */
const FULL = /no space left|quota exceeded|file too large/i;

/** What the library threw as an error of ours, which says for people what was not done and why. */
export function storeError(error: unknown, what: string): NoteStoreError {
  if (error instanceof NoteStoreError) return error;
  const reasons = reasonsOf(error);
  const last = reasons.at(-1);
  const fault = faultOf(reasons);
  const why = fault === "locked" ? "another routeguide uses this folder" : (last?.message ?? String(error));
  return new NoteStoreError(fault, `${what}: ${why}`, error);
}

function faultOf(reasons: readonly Error[]): NoteStoreFault {
  if (reasons.some((reason) => "code" in reason && reason.code === "LEVEL_LOCKED")) return "locked";
  if (reasons.some(({ message }) => FULL.test(message))) return "full";
  return "failed";
}

/** An error and its causes: the library wraps what happened in what it was doing. */
function reasonsOf(error: unknown): Error[] {
  const reasons: Error[] = [];
  for (let reason = error; reason instanceof Error; reason = reason.cause) reasons.push(reason);
  return reasons;
}
