/** What the peers' servers share: the service as the tutorials write it, with a map for points and a plain scan for areas. */
import { readFileSync } from "node:fs";
import { distanceMetres, type Feature, isInside, type Note, type Point, type Rectangle } from "../data.js";

const keyOf = ({ latitude, longitude }: Point) => `${latitude} ${longitude}`;

export class Domain {
  readonly #features: readonly Feature[];
  readonly #byPoint: ReadonlyMap<string, Feature>;
  readonly #notes = new Map<string, Note[]>();
  readonly #listeners = new Map<string, Set<(note: Note) => void>>();

  constructor(file: string) {
    this.#features = JSON.parse(readFileSync(file, "utf8"));
    this.#byPoint = new Map(this.#features.map((feature) => [keyOf(feature.location), feature]));
  }

  feature(point: Point): Feature {
    return this.#byPoint.get(keyOf(point)) ?? { name: "", location: point };
  }

  *inside(rectangle: Rectangle): Generator<Feature> {
    for (const feature of this.#features) if (isInside(feature.location, rectangle)) yield feature;
  }

  recorder(): RouteTally {
    return new RouteTally((point) => this.#byPoint.has(keyOf(point)));
  }

  /** Keeps a note, tells those who listen at its point, and returns all notes there. */
  post(note: Note, from: (note: Note) => void): readonly Note[] {
    const key = keyOf(note.location);
    const notes = this.#notes.get(key) ?? [];
    this.#notes.set(key, notes);
    notes.push(note);
    if (notes.length > 64) notes.shift();
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners);
    for (const listener of listeners) if (listener !== from) listener(note);
    listeners.add(from);
    return notes;
  }

  leave(from: (note: Note) => void): void {
    for (const listeners of this.#listeners.values()) listeners.delete(from);
  }
}

class RouteTally {
  readonly #isFeature: (point: Point) => boolean;
  #points = 0;
  #features = 0;
  #metres = 0;
  #before: Point | undefined;
  readonly #started = performance.now();

  constructor(isFeature: (point: Point) => boolean) {
    this.#isFeature = isFeature;
  }

  add(point: Point): void {
    this.#points++;
    if (this.#isFeature(point)) this.#features++;
    if (this.#before !== undefined) this.#metres += distanceMetres(this.#before, point);
    this.#before = point;
  }

  summary(): { pointCount: number; featureCount: number; distance: number; elapsedTime: number } {
    return {
      pointCount: this.#points,
      featureCount: this.#features,
      distance: Math.round(this.#metres),
      elapsedTime: Math.floor((performance.now() - this.#started) / 1000),
    };
  }
}
