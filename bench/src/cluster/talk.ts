import { connect, type Guide } from "routeguide";

/** One chat, of which the next note is posted when the ones before are answered. */
export class Talk implements AsyncDisposable {
  readonly #guide: Guide;
  readonly #replies: AsyncIterator<unknown>;
  #posted: { readonly latitude: number; readonly longitude: number }[] = [];
  #hasEnded = false;
  #wake = () => {};

  constructor(port: number) {
    this.#guide = connect(`http://127.0.0.1:${port}`);
    this.#replies = this.#guide.client.routeChat(this.#notes())[Symbol.asyncIterator]();
  }

  /** Posts a note at each of these points. */
  post(...points: readonly { readonly latitude: number; readonly longitude: number }[]): void {
    this.#posted.push(...points);
    this.#wake();
  }

  /** Resolves when so many more notes have come. */
  async hear(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const { done } = await this.#replies.next();
      if (done === true) throw new Error("the chat has ended");
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#hasEnded = true;
    this.#wake();
    while ((await this.#replies.next()).done !== true);
    await this.#guide[Symbol.asyncDispose]();
  }

  async *#notes() {
    for (;;) {
      const location = this.#posted.shift();
      if (location !== undefined) yield { location, message: MESSAGE };
      else if (this.#hasEnded) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

const MESSAGE = "x".repeat(180);
