import {
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
  type StreamInfo,
} from "@nats-io/jetstream";
import { nanos } from "@nats-io/transport-node";
import type { NoteLimits } from "../notes/note-limits.js";
import { NoteStoreError } from "../notes/note-store.js";
import { jetStreamError } from "./jetstream-error.js";
import { retryWhilePassing } from "./jetstream-retry.js";

/** What bounds the notes of a stream. All servers of one stream have the same. */
export type StreamLimits = Pick<NoteLimits, "notesPerPoint" | "notes" | "bytes" | "messageBytes">;

export interface StreamOptions {
  /** The stream's name, and the first part of its subjects. */
  readonly name: string;
  /** How many servers of the NATS cluster keep each note, when the stream is made. */
  readonly replicas: number;
  readonly limits: StreamLimits;
}

/** What JetStream writes beside a note: its own record, the subject, the headers. About 230 bytes with the longest names. */
export const RECORD_BYTES = 256;
/** For so long JetStream knows a note that comes again. */
export const REMEMBERED_MS = 120_000;
const STREAM_NOT_FOUND = 10059;

/**
 * Sees to it that there is the stream of notes.
 *
 * @throws {NoteStoreError} if there is one with other limits, or JetStream refuses to make it, or does not within `patienceMs`
 */
export async function openStream(manager: JetStreamManager, options: StreamOptions, patienceMs: number): Promise<void> {
  const wanted = configOf(options);
  try {
    const open = async () => (await find(manager, options.name)) ?? (await manager.streams.add(wanted));
    check((await retryWhilePassing(patienceMs, open)).config, wanted);
  } catch (error) {
    throw jetStreamError(error, `the stream ${options.name} cannot be opened`);
  }
}

/** The subjects of the notes of a stream. */
export const subjectsOf = (name: string) => `${name}.note.>`;
/** The subject of the notes at a point. */
export const subjectOf = (name: string, latitude: number, longitude: number) => `${name}.note.${latitude}.${longitude}`;

async function find(manager: JetStreamManager, name: string): Promise<StreamInfo | undefined> {
  try {
    return await manager.streams.info(name);
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND) return undefined;
    throw error;
  }
}

type Wanted = Partial<StreamConfig> & { readonly name: string };

function configOf({ name, replicas, limits }: StreamOptions): Wanted {
  return {
    name,
    description: "Notes of RouteGuide",
    subjects: [subjectsOf(name)],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.Old,
    max_msgs_per_subject: limits.notesPerPoint,
    max_msgs: limits.notes,
    // So much that the servers, which count envelopes, come to their own bound first.
    max_bytes: limits.bytes + limits.notes * RECORD_BYTES,
    num_replicas: replicas,
    duplicate_window: nanos(REMEMBERED_MS),
    allow_atomic: true,
  };
}

/** What must be the same on all servers of a stream: otherwise they would not keep the same notes. */
const LIMITS = ["max_msgs_per_subject", "max_msgs", "max_bytes"] as const;

function check(found: StreamConfig, wanted: Wanted): void {
  const name = wanted.name;
  const other = LIMITS.filter((limit) => found[limit] !== wanted[limit]);
  if (other.length > 0) {
    const what = other.map((limit) => `${limit} ${found[limit]} instead of ${wanted[limit]}`).join(", ");
    throw new NoteStoreError(
      "failed",
      `the stream ${name} has ${what}: give this server the limits that the others have, or stop them all and change the stream (nats stream edit ${name})`,
    );
  }
  if (found.num_replicas < (wanted.num_replicas ?? 1)) {
    throw new NoteStoreError(
      "failed",
      `the stream ${name} is kept by ${found.num_replicas} servers instead of ${wanted.num_replicas}: nats stream edit ${name} --replicas ${wanted.num_replicas}`,
    );
  }
  if (!found.allow_atomic || !found.subjects.includes(subjectsOf(name)) || found.discard !== DiscardPolicy.Old) {
    throw new NoteStoreError(
      "failed",
      `the stream ${name} is not one of RouteGuide's notes: choose another name with --nats-stream`,
    );
  }
}
