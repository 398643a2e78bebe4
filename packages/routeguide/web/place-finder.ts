import type { Client } from "@routeguide/grpc";
import type { LiveMap, RouteGuide } from "routeguide/contract";
import type { Area } from "./area.js";
import { isCancelled } from "./failure.js";
import { type Place, placeKeyOf } from "./place.js";

/** From this zoom on a view is near: all of its places are listed, not only the first of them. */
export const NEAR_ZOOM = 7;
/** The most that are asked for in a wide view: more would not find room for their names. */
const WIDE_COUNT = 400;
/** How many of a near view's places come in their order. */
const RANKED_COUNT = 200;
/** The most that are shown in a near view. */
export const MAX_PLACES = 5_000;

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
  async look(areas: readonly Area[], zoom: number): Promise<void> {
    this.#current.abort();
    const current = new AbortController();
    this.#current = current;
    try {
      const found = await (zoom < NEAR_ZOOM ? this.#wide(areas, current.signal) : this.#near(areas, current.signal));
      if (!current.signal.aborted) this.#events.found(found);
    } catch (error) {
      // What one of two calls leaves undone nobody needs.
      current.abort();
      if (this.#current === current && !isCancelled(error)) this.#events.failed(error);
    }
  }

  async #wide(areas: readonly Area[], signal: AbortSignal): Promise<Found> {
    const lists = await Promise.all(areas.map((area) => this.#top(area, WIDE_COUNT, signal)));
    return { places: lists.flat(), isAll: lists.every(({ length }) => length < WIDE_COUNT) };
  }

  async #near(areas: readonly Area[], signal: AbortSignal): Promise<Found> {
    const [ranked, all] = await Promise.all([
      Promise.all(areas.map((area) => this.#top(area, RANKED_COUNT, signal))),
      this.#all(areas, signal),
    ]);
    const places = new Map([...ranked.flat(), ...all].map((place) => [placeKeyOf(place), place]));
    return { places: [...places.values()].slice(0, MAX_PLACES), isAll: all.length < MAX_PLACES };
  }

  async #top(area: Area, limit: number, signal: AbortSignal): Promise<Place[]> {
    const places: Place[] = [];
    for await (const { name, location } of this.#clients.liveMap.listTopFeatures({ area, limit }, { signal })) {
      if (location !== undefined) places.push({ name, location });
    }
    return places;
  }

  /** Leaves a call as soon as there is enough, which cancels it. */
  async #all(areas: readonly Area[], signal: AbortSignal): Promise<Place[]> {
    const places: Place[] = [];
    for (const area of areas) {
      for await (const { name, location } of this.#clients.guide.listFeatures(area, { signal })) {
        if (location !== undefined) places.push({ name, location });
        if (places.length >= MAX_PLACES) return places;
      }
    }
    return places;
  }
}
