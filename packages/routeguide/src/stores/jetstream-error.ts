import { JetStreamApiError } from "@nats-io/jetstream";
import { errors } from "@nats-io/transport-node";
import { NoteStoreError } from "../notes/note-store.js";

/** What became of notes that JetStream did not simply take. */
export type Outcome =
  /** They are in the stream already: an earlier try had arrived, and only its answer was lost. */
  | "taken"
  /** It may work in a moment. */
  | "passing"
  /** There is no space left. */
  | "full"
  /** It will not work until somebody changes something. */
  | "refused";

/** Codes of nats-server 2.15: server/errors.json. */
const TAKEN = 10201;
const FULL = new Set([
  10002, // the account's limits
  10023, // insufficient resources
  10047, // insufficient storage
  10077, // the store failed: the disk, or the limits of the stream
]);
const PASSING = new Set([
  10005, // not enough servers of the cluster are there yet
  10158, // an earlier try is still on its way into the stream
  10176, // a part of the batch was lost
  10210, // too many batches at a time
]);
const SERVER_TROUBLE = 500;

export function outcomeOf(error: unknown): Outcome {
  if (error instanceof JetStreamApiError) {
    const { code, status } = error;
    if (code === TAKEN) return "taken";
    if (FULL.has(code)) return "full";
    return PASSING.has(code) || status >= SERVER_TROUBLE ? "passing" : "refused";
  }
  return permissionProblem(error) === undefined ? "passing" : "refused";
}

/** What the client threw as an error of ours, which says for people what was not done and why. */
export function jetStreamError(error: unknown, what: string): NoteStoreError {
  if (error instanceof NoteStoreError) return error;
  const fault = outcomeOf(error) === "full" ? "full" : "failed";
  return new NoteStoreError(fault, `${what}: ${reasonOf(error)}`, error);
}

function reasonOf(error: unknown): string {
  const refused = permissionProblem(error);
  if (refused !== undefined) return `this user may not use ${refused.subject} (${refused.operation})`;
  if (error instanceof errors.TimeoutError) return "no answer came";
  return error instanceof Error ? error.message : String(error);
}

/** The client wraps what happened in what it was doing. */
function permissionProblem(error: unknown): InstanceType<typeof errors.PermissionViolationError> | undefined {
  for (let reason = error; reason instanceof Error; reason = reason.cause) {
    if (reason instanceof errors.PermissionViolationError) return reason;
  }
  return undefined;
}
