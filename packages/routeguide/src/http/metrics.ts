import type { Observer } from "@routeguide/grpc";
import { serverMetrics } from "@routeguide/grpc/prometheus";
import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { StreamStanding } from "../stores/jetstream-notes.js";

/** What the metrics are read from. */
export interface Measured {
  readonly places: number;
  readonly notes: { readonly notes: number; readonly bytes: number; readonly points: number; readonly streams: number };
}

/** The server's metrics: of its calls, of what it holds, and of its process. */
export class Metrics {
  /** Counts calls. */
  readonly observer: Observer;
  readonly #register = new Registry();

  constructor() {
    this.observer = serverMetrics({ register: this.#register });
    collectDefaultMetrics({ register: this.#register });
  }

  /** Adds what the server holds, which is read anew each time. */
  measure(read: () => Measured): void {
    const gauge = (name: string, help: string, value: (measured: Measured) => number) =>
      new Gauge({
        name: `routeguide_${name}`,
        help,
        registers: [this.#register],
        collect() {
          this.set(value(read()));
        },
      });
    gauge("places", "Features that are served.", ({ places }) => places);
    gauge("notes", "Notes that are kept.", ({ notes }) => notes.notes);
    gauge("note_bytes", "Bytes of the notes that are kept.", ({ notes }) => notes.bytes);
    gauge("note_points", "Points at which notes are kept or heard.", ({ notes }) => notes.points);
    gauge("chats", "Streams of RouteChat that are open.", ({ notes }) => notes.streams);
  }

  /** Adds how the server stands to NATS, which is asked once each time. */
  measureStream(read: () => Promise<StreamStanding>): void {
    let reading: Promise<StreamStanding> | undefined;
    const readOnce = () => {
      reading ??= read().finally(() => {
        reading = undefined;
      });
      return reading;
    };
    const gauge = (name: string, help: string, value: (standing: StreamStanding) => number) =>
      new Gauge({
        name: `routeguide_nats_${name}`,
        help,
        registers: [this.#register],
        async collect() {
          this.set(value(await readOnce()));
        },
      });
    gauge("connected", "Whether NATS is there.", ({ isConnected }) => (isConnected ? 1 : 0));
    gauge("notes_behind", "Notes in NATS that are not delivered here yet; NaN: NATS does not say.", (s) => s.behind);
    gauge("notes_waiting", "Notes posted here that are not in NATS yet.", ({ waiting }) => waiting);
  }

  async text(): Promise<{ readonly contentType: string; readonly text: string }> {
    return { contentType: this.#register.contentType, text: await this.#register.metrics() };
  }
}
