/** What the page is told, as JSON in server-sent events. */
import type { WireEvent } from "../wire/recording.js";

export type ViewEvent =
  /** The step that the learner has come to; its text as HTML. Begins a page anew. */
  | { readonly type: "step"; readonly headline: string; readonly html: string }
  /** A check, or a run of both programs, begins. Forgets what was drawn. */
  | { readonly type: "job"; readonly title: string }
  | { readonly type: "begins"; readonly title: string }
  | { readonly type: "passed"; readonly title: string }
  | {
      readonly type: "failed";
      readonly title: string;
      readonly message: string;
      /** Expected, seen, printed, where to look: what there is of it. */
      readonly details: readonly (readonly [name: string, text: string])[];
    }
  | { readonly type: "stream"; readonly id: string; readonly caller: string; readonly method: string }
  | { readonly type: "wire"; readonly id: string; readonly event: WireEvent }
  | { readonly type: "line"; readonly program: "server" | "client"; readonly text: string }
  /** Something about the programs: a type error, how one has ended. */
  | { readonly type: "note"; readonly text: string }
  /** The job has ended. */
  | { readonly type: "idle"; readonly text: string };
