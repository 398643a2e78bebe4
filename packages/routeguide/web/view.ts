import type { Bounds } from "./area.js";
import type { ShownNote } from "./note.js";
import type { Place } from "./place.js";
import { type Degrees, degreesOf, type Point } from "./point.js";
import type { Camera } from "./view-link.js";

/** What a reader looks at the world through: a map, or nothing but a window on it where there is no WebGL. */
export interface View {
  readonly camera: Camera;
  readonly bounds: Bounds;
  /** Goes there, if it is not there yet. */
  go(camera: Camera): void;
  showPlaces(places: readonly Place[]): void;
  /** Marks the points of notes; those that have just arrived more than others, for a while. */
  showNotes(notes: readonly ShownNote[], arrived: readonly ShownNote[]): void;
  showRoute(points: readonly Point[]): void;
  /** Marks the point that is chosen, if one is. */
  showChosen(point: Point | undefined): void;
}

export interface ViewEvents {
  /** The view has come to rest somewhere else. */
  moved(): void;
  /** Somebody has pointed there: at a place that is shown, at the point of a note, or anywhere. */
  picked(picked: Picked): void;
}

export interface Picked {
  readonly location: Point;
  /** Undefined: it is not one of the places that are shown. */
  readonly name: string | undefined;
  readonly byKeyboard: boolean;
}

/** Pixels of a world at zoom 0. */
const WORLD_PIXELS = 512;

/** A window of this many pixels on the world, without a picture of it. */
export class BlindView implements View {
  camera: Camera;
  readonly #moved: () => void;

  constructor(camera: Camera, moved: () => void) {
    this.camera = camera;
    this.#moved = moved;
  }

  get bounds(): Bounds {
    const { center, zoom } = this.camera;
    const width = (360 * WIDTH) / (WORLD_PIXELS * 2 ** zoom);
    // Mercator stretches degrees of latitude as much as it shrinks the parallel.
    const height = ((width * HEIGHT) / WIDTH) * Math.cos((center.lat * Math.PI) / 180);
    return around(center, Math.min(width, 360), Math.min(height, 180));
  }

  go(camera: Camera): void {
    if (isSameCamera(camera, this.camera)) return;
    this.camera = camera;
    this.#moved();
  }

  showPlaces(): void {}
  showNotes(): void {}
  showRoute(): void {}

  /** Goes there: who cannot point at a place to come closer to it chooses it. */
  showChosen(point: Point | undefined): void {
    if (point !== undefined) this.go({ ...this.camera, center: degreesOf(point) });
  }
}

const WIDTH = 900;
const HEIGHT = 700;

export const isSameCamera = (one: Camera, other: Camera): boolean =>
  one.zoom === other.zoom && one.center.lat === other.center.lat && one.center.lng === other.center.lng;

const around = ({ lat, lng }: Degrees, width: number, height: number): Bounds => ({
  south: lat - height / 2,
  west: lng - width / 2,
  north: lat + height / 2,
  east: lng + width / 2,
});
