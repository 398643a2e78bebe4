/** What the steps on RouteChat have in common. */
import type { RouteGuide, RouteNote } from "../gen/routeguide/route_guide_pb.js";
import { expectSame, Miss, type Suspect } from "./miss.js";
import type { RawCall } from "./raw-call.js";
import type { Traveller } from "./traveller.js";

export type ChatCall = RawCall<(typeof RouteGuide)["method"]["routeChat"]>;
type Point = { readonly latitude: number; readonly longitude: number };

/** One traveller's chat. */
export class Chat {
  readonly call: ChatCall;
  readonly #name: string;
  readonly #at: Suspect;
  /** How many of the notes that came were looked at. */
  #heard = 0;

  private constructor(call: ChatCall, name: string, at: Suspect) {
    this.call = call;
    this.#name = name;
    this.#at = at;
  }

  static async open(traveller: Traveller, at: Suspect): Promise<Chat> {
    return new Chat(await traveller.open("routeChat"), traveller.name, at);
  }

  say(message: string, location: Point): void {
    this.call.send({ message, location });
  }

  /**
   * Waits for as many notes as these, and holds them against what came.
   *
   * @throws {Miss}
   */
  async hears(messages: readonly string[], complaint: string): Promise<void> {
    const end = this.#heard + messages.length;
    await this.call.until(() => this.call.responses.length >= end);
    const came = this.call.responses.slice(this.#heard, end).map(({ message }: RouteNote) => message);
    this.#heard = end;
    const differs = messages.findIndex((message, i) => came[i] !== message);
    if (differs < 0) return;
    throw new Miss(complaint, {
      expected: excerpt(messages, differs),
      seen: excerpt(came, differs),
      at: this.#at,
    });
  }

  /** Says that no note will follow, and waits for the server to end the stream. */
  async leave(): Promise<void> {
    this.call.halfClose();
    await this.call.until(() => this.call.outcome !== undefined);
    const { outcome } = this.call;
    if (outcome === undefined) {
      throw new Miss(`${this.#name} has left, and the server does not end the stream`, {
        expected: "after the client's half-close: what is left to send, then the status OK",
        at: this.#at,
      });
    }
    expectSame(outcome.kind === "status" ? outcome.code : "a reset", 0, "RouteChat does not end with OK", this.#at);
    const extra = this.call.responses.slice(this.#heard).map(({ message }: RouteNote) => message);
    if (extra.length === 0) return;
    throw new Miss(`${this.#name} hears more than there is to hear`, {
      expected: "no more notes",
      seen: excerpt(extra, 0),
      at: this.#at,
    });
  }
}

/** Notes that are shown of many. */
const SHOWN = 6;

/** Notes in a line; of many those around this one. */
function excerpt(messages: readonly string[], around: number): string {
  const first = messages.length > SHOWN ? Math.max(0, around - 2) : 0;
  const shown = messages.slice(first, first + SHOWN);
  const [before, after] = [first > 0 ? ["..."] : [], first + SHOWN < messages.length ? ["..."] : []];
  return [...before, ...shown, ...after].join(", ") || "nothing";
}

let next = 0;

/** A point at which nobody has left a note yet. */
export function freshPoint(): Point {
  next++;
  return { latitude: 400_000_000 + next, longitude: -740_000_000 - next };
}
