import { clearScreenDown, createInterface, cursorTo, type Interface, moveCursor } from "node:readline";
import type { Point } from "../geo/point.js";
import { Interrupted } from "./failure.js";
import type { Io } from "./io.js";
import type { Note } from "./notes-input.js";
import { CHAT_HELP, parseTyped, promptOf } from "./typed-line.js";

/** The line that somebody types in a chat, at the bottom of the terminal, while notes come in above it. */
export class ChatTerminal implements Disposable {
  readonly #screen: Io["stderr"];
  readonly #lines: Interface;
  /** What was typed; listens from the start, so that nothing typed early is lost. */
  readonly #typed: AsyncIterableIterator<string>;
  readonly #interrupt = new AbortController();
  #place: Point | undefined;
  #isOpen = true;
  /** Whether the cursor stands behind a prompt. */
  #isPrompting = false;

  constructor({ stdin, stderr }: Pick<Io, "stdin" | "stderr">, place: Point | undefined) {
    this.#screen = stderr;
    this.#place = place;
    this.#lines = createInterface({ input: stdin, output: stderr, terminal: true });
    this.#typed = this.#lines[Symbol.asyncIterator]();
    this.#lines.on("close", () => {
      this.#isOpen = false;
      if (this.#isPrompting) this.#say("");
    });
    // While lines are edited the terminal sends Ctrl-C as a key, not as a signal.
    this.#lines.on("SIGINT", () => {
      this.#interrupt.abort(new Interrupted("SIGINT"));
      this.#lines.close();
    });
  }

  /** Fires when Ctrl-C is typed. */
  get interrupt(): AbortSignal {
    return this.#interrupt.signal;
  }

  /** The notes that are typed, until /quit or Ctrl-D. */
  async *notes(): AsyncGenerator<Note> {
    this.#say(CHAT_HELP);
    this.#prompt();
    for await (const line of this.#typed) {
      this.#isPrompting = false;
      const typed = parseTyped(line, this.#place);
      if (typed === "quit") break;
      if (typed !== "nothing") {
        if ("note" in typed) yield typed.note;
        if ("place" in typed) this.#place = typed.place;
        if ("answer" in typed) this.#say(typed.answer);
      }
      this.#prompt();
    }
    this.#lines.close();
  }

  /** Lets something be printed above the line that is being typed. */
  async above(print: () => Promise<void>): Promise<void> {
    if (!this.#isOpen) return print();
    moveCursor(this.#screen, 0, -this.#lines.getCursorPos().rows);
    cursorTo(this.#screen, 0);
    clearScreenDown(this.#screen);
    await print();
    if (!this.#isOpen) return;
    this.#lines.prompt(true);
    this.#isPrompting = true;
  }

  [Symbol.dispose](): void {
    this.#lines.close();
  }

  #prompt(): void {
    // Lines that were typed before the end are worked off after it, and newer versions of Node prompt nobody who has left.
    if (!this.#isOpen) return;
    this.#lines.setPrompt(promptOf(this.#place));
    this.#lines.prompt();
    this.#isPrompting = true;
  }

  #say(text: string): void {
    this.#screen.write(`${text}\n`);
  }
}
