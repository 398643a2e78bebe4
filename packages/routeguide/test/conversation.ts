import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Client, Envelopes } from "@routeguide/grpc";
import type { RouteGuide, RouteNote, RouteNoteSchema } from "../src/contract/gen/routeguide/route_guide_pb.js";
import type { Written } from "./note-fixtures.js";

export type Said = MessageInitShape<typeof RouteNoteSchema> | Envelopes;

/** One RouteChat of a client that says what a test tells it to, and reads when the test reads. */
export class Conversation {
  readonly #said: Said[] = [];
  readonly #replies: AsyncIterator<RouteNote>;
  #hasEnded = false;
  #wake = () => {};
  readonly cancel: () => void;

  constructor(client: Client<typeof RouteGuide>) {
    const responses = client.routeChat(this.#requests());
    this.#replies = responses[Symbol.asyncIterator]();
    this.cancel = () => responses.cancel();
  }

  say(...notes: readonly Written[]): this {
    return this.sayRaw(
      ...notes.map(([latitude, longitude, message]) => ({ location: { latitude, longitude }, message })),
    );
  }

  /** Says messages, or envelopes, that may be wrong. */
  sayRaw(...said: readonly Said[]): this {
    this.#said.push(...said);
    this.#wake();
    return this;
  }

  /** Half-closes. */
  end(): this {
    this.#hasEnded = true;
    this.#wake();
    return this;
  }

  /** The messages of the next replies. */
  async hear(count: number): Promise<string[]> {
    const heard: string[] = [];
    while (heard.length < count) {
      const { done, value } = await this.#replies.next();
      if (done === true) throw new Error(`the chat ended after ${heard.length} of ${count} replies`);
      heard.push(value.message);
    }
    return heard;
  }

  /** The messages of all replies until the chat ends, which it must do well. */
  async hearAll(): Promise<string[]> {
    const heard: string[] = [];
    for (;;) {
      const { done, value } = await this.#replies.next();
      if (done === true) return heard;
      heard.push(value.message);
    }
  }

  async *#requests(): AsyncGenerator<Said> {
    for (;;) {
      const said = this.#said.shift();
      if (said !== undefined) yield said;
      else if (this.#hasEnded) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
