import type { Connection, Transport } from "../exchange.js";
import type { Subchannel } from "./subchannel.js";

/** A place to connect to, and how. */
export interface Place {
  /** Tells it from the others. */
  readonly name: string;
  make(onLoss: () => void): Subchannel;
}

/**
 * A transport over the connections to one or more places. Calls take those that are ready by turns; a place that cannot be reached
 * is left out until it can. With one place and one connection this is gRPC's pick_first, with more its round_robin.
 */
export class Pool implements Transport {
  readonly protocolName: string;
  readonly #resolve: () => Promise<readonly Place[]>;
  readonly #perPlace: number;
  /** By name, so many for each place. */
  readonly #subchannels = new Map<string, readonly Subchannel[]>();
  #turns: readonly Subchannel[] = [];
  /** Of places that are no more, until their last call has ended. */
  readonly #retired = new Set<Subchannel>();
  #next = 0;
  #resolving: Promise<void> | undefined;
  /** The places are to be looked up again with the next call. */
  #isStale = true;
  #isClosed = false;

  /**
   * @param protocolName what calls speak
   * @param resolve looks up the places, once before the first call and again when a connection was lost; must not fail
   * @param perPlace connections to each
   */
  constructor(protocolName: string, resolve: () => Promise<readonly Place[]>, perPlace: number) {
    this.protocolName = protocolName;
    this.#resolve = resolve;
    this.#perPlace = perPlace;
  }

  connection(waitForReady: boolean): Connection | Promise<Connection> {
    if (this.#isStale && !this.#isClosed) this.#refresh();
    return this.#pick() ?? this.#wait(waitForReady);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#resolving;
    await Promise.all([...this.#turns, ...this.#retired].map((subchannel) => subchannel.close()));
  }

  /** The next one by turns that is ready, one with room if there is any. Those that rest are woken when it is their turn. */
  #pick(): Connection | undefined {
    const turns = this.#turns;
    let full: Connection | undefined;
    for (let i = 0; i < turns.length; i++) {
      const at = (this.#next + i) % turns.length;
      const subchannel = turns[at];
      const connection = subchannel?.ready;
      if (connection === undefined) {
        if (turns.length > 1) subchannel?.wake();
        continue;
      }
      if (connection.openable > 0) {
        this.#next = (at + 1) % turns.length;
        return connection;
      }
      full ??= connection;
    }
    return full;
  }

  async #wait(waitForReady: boolean): Promise<Connection> {
    await this.#resolving;
    if (this.#isClosed) throw new Error("the transport is closed");
    const picked = this.#pick();
    if (picked !== undefined) return picked;
    const turns = this.#turns;
    try {
      return await Promise.any(turns.map(async (subchannel) => subchannel.connection(waitForReady)));
    } catch (error) {
      // They may have been given up because there are others now.
      if (turns !== this.#turns) return this.#wait(waitForReady);
      // The first place speaks for all.
      throw error instanceof AggregateError && error.errors.length > 0 ? error.errors[0] : error;
    }
  }

  #refresh(): void {
    this.#isStale = false;
    this.#resolving ??= this.#update().finally(() => {
      this.#resolving = undefined;
    });
  }

  async #update(): Promise<void> {
    const places = await this.#resolve();
    if (this.#isClosed) return;
    const onLoss = () => {
      this.#isStale = true;
    };
    const before = new Map(this.#subchannels);
    this.#subchannels.clear();
    for (const place of places) {
      const kept = before.get(place.name) ?? Array.from({ length: this.#perPlace }, () => place.make(onLoss));
      this.#subchannels.set(place.name, kept);
      before.delete(place.name);
    }
    this.#turns = [...this.#subchannels.values()].flat();
    for (const subchannel of [...before.values()].flat()) {
      this.#retired.add(subchannel);
      void subchannel.retire().then(() => this.#retired.delete(subchannel));
    }
  }
}
