import type { Envelopes } from "@routeguide/grpc";
import { type Form, type Load, noteEnvelopes } from "./load.js";
import { Outbox } from "./outbox.js";
import type { Workload } from "./workloads.js";

const NOTES_A_CALL = 20_000;
const TURN_STREAMS = 50;
const LISTENERS = 1000;
const FAN_OUT_CONNECTIONS = 10;
/** How many notes a server keeps at a point. */
const NOTES_KEPT = 64;

/** Each note at a point of its own: it comes back once. */
function notesAt(latitude: number, count: number): Envelopes[] {
  const notes = Array.from({ length: count }, (_, i) => ({
    location: { latitude, longitude: i },
    message: `Slow traffic ahead, ${i}`,
  }));
  return noteEnvelopes(notes);
}

async function checkChat(load: Load, form?: Form): Promise<void> {
  for (const client of load.clients(1, form)) {
    const location = { latitude: load.freshLatitude(), longitude: 0 };
    const notes = ["first", "second"].map((message) => ({ location, message }));
    const found: string[] = [];
    for await (const { message } of client.routeChat(notes)) found.push(message);
    if (found.join() !== "first,first,second") throw new Error(`chat: "${found}" came, expected "first,first,second"`);
  }
}

export const chat: Workload = {
  name: "chat",
  about: "RouteChat, one stream at a time posts 20,000 notes without waiting, each comes back once",
  unit: "notes",
  check: (load) => checkChat(load),
  async run(load, begin) {
    const isOver = await begin();
    let messages = 0;
    for (const client of load.clients(1)) {
      while (!isOver()) {
        let count = 0;
        const notes = notesAt(load.freshLatitude(), NOTES_A_CALL);
        for await (const batch of client.routeChat(notes).batches()) count += batch.count;
        if (count !== NOTES_A_CALL) throw new Error(`chat: ${count} notes came back, expected ${NOTES_A_CALL}`);
        messages += count;
      }
    }
    return messages;
  },
};

export const chatTurns: Workload = chatTurnsIn("chat-turns");

/** @param form what the streams are in. Default: gRPC */
export function chatTurnsIn(name: string, form?: Form): Workload {
  const what = form === undefined ? "" : ` on one ${form.protocol}`;
  return {
    name,
    about: `RouteChat, 50 streams${what}, each waits for its note to come back before it posts the next`,
    unit: "round trips",
    check: (load) => checkChat(load, form),
    async run(load, begin) {
      const isOver = await begin();
      let turns = 0;
      const stream = async () => {
        for (const client of load.clients(1, form)) {
          const notes = notesOneByOne(load.freshLatitude());
          const outbox = new Outbox<Envelopes>();
          outbox.put(notes.next().value);
          for await (const batch of client.routeChat(outbox).batches()) {
            turns += batch.count;
            outbox.put(isOver() ? undefined : notes.next().value);
          }
        }
      };
      await Promise.all(Array.from({ length: TURN_STREAMS }, stream));
      return turns;
    },
  };
}

function* notesOneByOne(latitude: number): Generator<Envelopes, undefined> {
  for (let longitude = 0; ; longitude++) {
    yield* noteEnvelopes([{ location: { latitude, longitude }, message: "Slow traffic ahead" }]);
  }
}

export const fanOut: Workload = {
  name: "fan-out",
  about: "RouteChat, each note of one stream is heard by 1,000 others at its point",
  unit: "deliveries",
  check: (load) => checkChat(load),
  async run(load, begin) {
    const location = { latitude: load.freshLatitude(), longitude: 0 };
    const [note] = noteEnvelopes([{ location, message: "Slow traffic ahead" }]);
    const streams: NoteStream[] = [];
    for (let i = 0; i < LISTENERS; i++) {
      const stream = new NoteStream(load, i);
      stream.post(note);
      // Its own note comes back with those before it, and so it listens from now on.
      await stream.heard(Math.min(i + 1, NOTES_KEPT));
      streams.push(stream);
    }
    await Promise.all(streams.map((stream, i) => stream.heard(Math.min(i + 1, NOTES_KEPT) + LISTENERS - 1 - i)));
    const poster = new NoteStream(load, LISTENERS);
    const isOver = await begin();
    let deliveries = 0;
    while (!isOver()) {
      const heard = Promise.all(streams.map((stream) => stream.heard(stream.count + 1)));
      poster.post(note);
      await heard;
      deliveries += LISTENERS;
    }
    await Promise.all([poster, ...streams].map((stream) => stream.leave()));
    return deliveries;
  },
};

/** One RouteChat that counts what it hears. */
class NoteStream {
  count = 0;
  readonly #outbox = new Outbox<Envelopes>();
  readonly #reading: Promise<void>;
  #wanted = 0;
  #wake: (() => void) | undefined;

  constructor(load: Load, i: number) {
    const clients = load.clients(FAN_OUT_CONNECTIONS);
    this.#reading = this.#read(clients[i % clients.length]);
  }

  post(note: Envelopes | undefined): void {
    this.#outbox.put(note);
  }

  /** Resolves once so many notes have been heard in all. */
  async heard(count: number): Promise<void> {
    if (this.count >= count) return;
    this.#wanted = count;
    await new Promise<void>((wake) => {
      this.#wake = wake;
    });
  }

  leave(): Promise<void> {
    this.#outbox.put(undefined);
    return this.#reading;
  }

  async #read(client: ReturnType<Load["clients"]>[number] | undefined): Promise<void> {
    if (client === undefined) throw new RangeError("there is no client");
    for await (const batch of client.routeChat(this.#outbox).batches()) {
      this.count += batch.count;
      if (this.count >= this.#wanted) this.#wake?.();
    }
  }
}
