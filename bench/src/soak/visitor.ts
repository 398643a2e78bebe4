import { setTimeout as delay } from "node:timers/promises";
import { createClient } from "@routeguide/grpc";
import { dial } from "@routeguide/grpc/node";
import { RouteGuide } from "routeguide";
import { randomFrom } from "../random.js";
import type { Act, Host, Visit } from "./act.js";
import { CALLS } from "./calls.js";
import { RAW_ACTS } from "./raw-acts.js";
import type { Tally } from "./tally.js";
import type { World } from "./world.js";

/** Everything that connections do. */
export const ACTS: readonly Act[] = [...CALLS, ...RAW_ACTS];

/** An act may take this long, its deadline and the server's patience included; then it is stuck. */
const STUCK_MS = 60_000;
/** Between two acts. */
const MOST_PAUSE_MS = 400;
/** Every other connection takes in so little at a time that the server has to wait for it again and again: HTTP/2's least. */
const NARROW = { streamWindowBytes: 65_535, connectionWindowBytes: 65_535 };

/** One of the connections: connects when it acts, and again when an act has ended its connection. */
export class Visitor {
  readonly #host: Host;
  readonly #world: World;
  readonly random: () => number;
  readonly #isNarrow: boolean;
  readonly #latitude: number;
  #longitude = 0;
  #visit: Visit | undefined;

  constructor(host: Host, world: World, seed: number) {
    this.#host = host;
    this.#world = world;
    this.random = randomFrom(seed);
    // The generator needs a few steps to get away from small seeds.
    for (let i = 0; i < 20; i++) this.random();
    this.#isNarrow = seed % 2 === 0;
    this.#latitude = -(seed % 800_000_000);
  }

  /** Acts until the time is over, then leaves. */
  async keepBusy(tally: Tally, endAt: number): Promise<void> {
    while (performance.now() < endAt) {
      const act = chosen(this.random);
      await this.act(act, tally, act.name);
      await delay(this.random() * MOST_PAUSE_MS);
    }
    await this.leave();
  }

  /** Acts once, and has it counted under a name. */
  async act(act: Act, tally: Tally, name: string): Promise<void> {
    this.#visit ??= this.#connect();
    await tally.count(name, STUCK_MS, act.run(this.#visit));
    if (act.disconnects === true) await this.leave();
  }

  async leave(): Promise<void> {
    const visit = this.#visit;
    this.#visit = undefined;
    await visit?.transport[Symbol.asyncDispose]();
  }

  #connect(): Visit {
    const transport = dial(`http://127.0.0.1:${this.#host.port}`, this.#isNarrow ? { limits: NARROW } : {});
    return {
      host: this.#host,
      world: this.#world,
      random: this.random,
      transport,
      client: createClient(RouteGuide, transport),
      freshPoint: () => ({ latitude: this.#latitude, longitude: ++this.#longitude }),
    };
  }
}

function chosen(random: () => number): Act {
  let left = random() * ACTS.reduce((sum, { weight }) => sum + weight, 0);
  for (const act of ACTS) {
    left -= act.weight;
    if (left < 0) return act;
  }
  throw new RangeError("the weights of the acts do not add up");
}
