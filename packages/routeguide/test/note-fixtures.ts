import { fromBinary } from "@bufbuild/protobuf";
import { envelopeEnd, noteEnvelope, PREFIX_BYTES } from "../src/contract/envelope-writer.js";
import { RouteNoteSchema } from "../src/contract/gen/routeguide/route_guide_pb.js";
import type { Mailbox } from "../src/notes/mailbox.js";
import { NoteBatch } from "../src/notes/note-batch.js";

/** A note as a test writes it: latitude, longitude, message. */
export type Written = readonly [latitude: number, longitude: number, message: string];

/** Notes as a batch, their envelopes back to back. */
export function batchOf(written: readonly Written[], poster?: Mailbox): NoteBatch {
  const envelopes = written.map(([latitude, longitude, message]) => {
    const text = Buffer.from(message);
    return noteEnvelope(latitude, longitude, text, 0, text.length);
  });
  const notes = new NoteBatch(new Uint8Array(Buffer.concat(envelopes)), poster);
  let at = 0;
  for (const [i, [latitude, longitude]] of written.entries()) {
    const end = at + (envelopes[i]?.length ?? 0);
    notes.add(at, end, latitude, longitude);
    at = end;
  }
  return notes;
}

/** The notes of a batch, decoded out of their envelopes. */
export function notesOf(notes: NoteBatch): Written[] {
  return Array.from({ length: notes.count }, (_, i) => read(notes.bytes, notes.start(i), notes.end(i)));
}

/** Everything that waits in a mailbox, decoded; it is empty afterwards. */
export function takeAll(mailbox: Mailbox): Written[] {
  const taken: Written[] = [];
  for (let mail = mailbox.take(); mail !== undefined; mail = mailbox.take()) {
    const { bytes, count } = mail;
    let at = mail.start;
    for (let i = 0; i < count; i++) {
      const end = envelopeEnd(bytes, at);
      taken.push(read(bytes, at, end));
      at = end;
    }
    if (at !== mail.end) throw new Error(`${mail.end - at} bytes behind the last of ${count} envelopes`);
  }
  return taken;
}

/** The messages of notes, which is all that most tests look at. */
export const messages = (written: readonly Written[]) => written.map(([, , message]) => message);

function read(bytes: Uint8Array, start: number, end: number): Written {
  const { location, message } = fromBinary(RouteNoteSchema, bytes.subarray(start + PREFIX_BYTES, end));
  return [location?.latitude ?? Number.NaN, location?.longitude ?? Number.NaN, message];
}
