import type { Client } from "@routeguide/grpc";
import type { LiveMap, RouteGuide } from "routeguide/contract";
import type { Area } from "./area.js";
import { isCancelled } from "./failure.js";
import { interleave } from "./interleave.js";
import { type Place, placeKeyOf } from "./place.js";

/** How many of a view's first places are asked for: more would not find room for their names. */
const TOP_COUNT = 400;
/** The most that are shown. */
const MAX_PLACES = 5_000;

/** Places of a view, the first of the server's files first. */
export interface Found {
  readonly places: readonly Place[];
  /** Whether these are all that the server has there. */
  readonly isAll: boolean;
}

export interface FinderEvents {
  found(found: Found): void;
  failed(error: unknown): void;
}

interface Clients {
  readonly guide: Client<typeof RouteGuide>;
  readonly liveMap: Client<typeof LiveMap>;
}

/** Looks up the places of one view after another. Only the last view's matter: the calls of those before are cancelled. */
export class PlaceFinder {
  readonly #clients: Clients;
  readonly #events: FinderEvents;
  #current = new AbortController();

  constructor(clients: Clients, events: FinderEvents) {
    this.#clients = clients;
    this.#events = events;
  }

  /** Tells in the end what was found there, unless it is asked for another view before. */
  async look(areas: readonly Area[]): Promise<void> {
    this.#current.abort();
    const current = new AbortController();
    this.#current = current;
    try {
      const found = await this.#find(areas, current.signal);
      if (!current.signal.aborted) this.#events.found(found);
    } catch (error) {
      // What one of two calls leaves undone nobody needs.
      current.abort();
      if (this.#current === current && !isCancelled(error)) this.#events.failed(error);
    }
  }

  /** The first places, and the others too where all of them can be shown: a part would be all of one corner of the view. */
  async #find(areas: readonly Area[], signal: AbortSignal): Promise<Found> {
    const lists = await Promise.all(areas.map((area) => this.#top(area, signal)));
    const top = interleave(lists);
    if (lists.some(({ length }) => length >= TOP_COUNT)) return { places: top, isAll: false };
    const all = await this.#all(areas, signal);
    if (all === undefined) return { places: top, isAll: false };
    return { places: [...new Map([...top, ...all].map((place) => [placeKeyOf(place), place])).values()], isAll: true };
  }

  async #top(area: Area, signal: AbortSignal): Promise<Place[]> {
    const places: Place[] = [];
    const request = { area, limit: TOP_COUNT };
    for await (const { name, location } of this.#clients.liveMap.listTopFeatures(request, { signal })) {
      if (location !== undefined) places.push({ name, location });
    }
    return places;
  }

  /** Undefined if there are too many: the call is left, which cancels it. */
  async #all(areas: readonly Area[], signal: AbortSignal): Promise<Place[] | undefined> {
    const places: Place[] = [];
    for (const area of areas) {
      for await (const { name, location } of this.#clients.guide.listFeatures(area, { signal })) {
        if (location !== undefined) places.push({ name, location });
        if (places.length > MAX_PLACES) return undefined;
      }
    }
    return places;
  }
}
