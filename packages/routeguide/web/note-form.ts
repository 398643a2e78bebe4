import type { Client } from "@routeguide/grpc";
import type { RouteGuide } from "routeguide/contract";
import { announce } from "./announce.js";
import { byId, say } from "./elements.js";
import { isLost, sentenceOf } from "./failure.js";
import type { Point } from "./point.js";
import { formatCount } from "./units.js";

/** The longest message that a server takes unless it was told otherwise. */
const MAX_BYTES = 4_096;
/** How long a server may take to keep a note. */
const TIMEOUT_MS = 15_000;

/** The form that leaves a note at a point. */
export class NoteForm {
  readonly #guide: Client<typeof RouteGuide>;
  readonly #text = byId("textarea", "note-text");
  readonly #count = byId("span", "note-count");
  readonly #failure = byId("p", "note-failure");
  #at: Point | undefined;
  #isSending = false;

  constructor(guide: Client<typeof RouteGuide>) {
    this.#guide = guide;
    this.#text.addEventListener("input", () => this.#tellCount());
    byId("form", "note-form").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#send();
    });
    this.#tellCount();
  }

  /** From now on notes are left there. What is written so far stays. */
  aim(at: Point): void {
    this.#at = at;
    say(this.#failure, "");
  }

  /** Posts the note. The call ends when the server has kept it and told all notes of its point. */
  async #send(): Promise<void> {
    const message = this.#text.value.trim();
    const location = this.#at;
    if (location === undefined || this.#isSending || !this.#check(message)) return;
    this.#isSending = true;
    try {
      for await (const _ of this.#guide.routeChat([{ location, message }], { timeoutMs: TIMEOUT_MS }));
      if (this.#text.value.trim() === message) this.#text.value = "";
      this.#tellCount();
      announce("Your note was kept.");
    } catch (error) {
      const doubt = isLost(error) ? " It may have been kept all the same: see above when the server is back." : "";
      say(this.#failure, `${sentenceOf("The note was not kept", error)}${doubt}`);
    } finally {
      this.#isSending = false;
    }
  }

  #check(message: string): boolean {
    const bytes = bytesOf(message);
    const wrong =
      bytes === 0
        ? "Write something first."
        : bytes > MAX_BYTES
          ? `This is ${formatCount(bytes - MAX_BYTES, "byte")} too long.`
          : "";
    say(this.#failure, wrong);
    if (wrong !== "") this.#text.focus();
    return wrong === "";
  }

  #tellCount(): void {
    const bytes = bytesOf(this.#text.value.trim());
    this.#count.textContent = `${bytes.toLocaleString("en")} of ${MAX_BYTES.toLocaleString("en")} bytes`;
    this.#count.classList.toggle("over", bytes > MAX_BYTES);
    this.#text.setAttribute("aria-invalid", String(bytes > MAX_BYTES));
  }
}

const encoder = new TextEncoder();
const bytesOf = (text: string): number => encoder.encode(text).length;
