/** The view that is a map, drawn by MapLibre. This file and what it needs are loaded only where there is WebGL. */
import {
  type GeoJSONSource,
  type MapGeoJSONFeature,
  Map as MapLibre,
  NavigationControl,
  type PointLike,
  ScaleControl,
  setWorkerUrl,
} from "maplibre-gl";
import type { Bounds } from "./area.js";
import { byId } from "./elements.js";
import { chosenShape, noteShapes, placeShapes, routeShapes } from "./map-shapes.js";
import { type Scheme, styleFor } from "./map-style.js";
import type { ShownNote } from "./note.js";
import type { Place } from "./place.js";
import { keyOf, type Point, pointAt } from "./point.js";
import { isSameCamera, type Picked, type View, type ViewEvents } from "./view.js";
import { type Camera, MAX_ZOOM } from "./view-link.js";

const DARK = matchMedia("(prefers-color-scheme: dark)");
const STILL = matchMedia("(prefers-reduced-motion: reduce)");
/** How far beside a mark a click may be, in pixels. */
const REACH = 8;
/** For how long a note that has arrived stands out. */
const FRESH_MS = 4_000;

const file = (name: string) => new URL(name, import.meta.url).href;

export class MapView implements View {
  readonly #map: MapLibre;
  readonly #events: ViewEvents;
  #fading: ReturnType<typeof setTimeout> | undefined;
  #notes: readonly ShownNote[] = [];
  /** Until when points stand out at which notes have arrived, in milliseconds; what ends first stands first. */
  readonly #fresh = new Map<string, number>();

  constructor(camera: Camera, events: ViewEvents) {
    setWorkerUrl(file("maplibre-gl-worker.mjs"));
    this.#events = events;
    this.#map = new MapLibre({
      container: byId("div", "map"),
      style: styleFor(schemeNow(), file("countries.json")),
      center: [camera.center.lng, camera.center.lat],
      zoom: camera.zoom,
      maxZoom: MAX_ZOOM,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
    });
    this.#map.touchZoomRotate.disableRotation();
    this.#map.keyboard.disableRotation();
    this.#map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    this.#map.addControl(new ScaleControl({ unit: "metric" }), "top-left");
    this.#map.on("moveend", () => events.moved());
    this.#map.on("click", ({ point }) => this.#pick(point.x, point.y, false));
    this.#tellWhenBusy();
    this.#takeEnter();
    DARK.addEventListener("change", () => this.#recolour());
  }

  get camera(): Camera {
    const { lat, lng } = this.#map.getCenter();
    return { center: { lat, lng }, zoom: this.#map.getZoom() };
  }

  get bounds(): Bounds {
    const bounds = this.#map.getBounds();
    return {
      south: bounds.getSouth(),
      west: bounds.getWest(),
      north: bounds.getNorth(),
      east: bounds.getEast(),
    };
  }

  go({ center, zoom }: Camera): void {
    if (isSameCamera({ center, zoom }, this.camera)) return;
    const to = { center: [center.lng, center.lat] as [number, number], zoom };
    if (STILL.matches) this.#map.jumpTo(to);
    else this.#map.flyTo({ ...to, maxDuration: 2_000 });
  }

  showPlaces(places: readonly Place[]): void {
    this.#show("places", placeShapes(places));
  }

  showNotes(notes: readonly ShownNote[], arrived: readonly ShownNote[]): void {
    this.#notes = notes;
    const until = performance.now() + FRESH_MS;
    for (const key of arrived.map(({ location }) => keyOf(location))) {
      this.#fresh.delete(key);
      this.#fresh.set(key, until);
    }
    this.#drawNotes();
  }

  showRoute(points: readonly Point[]): void {
    this.#show("route", routeShapes(points));
  }

  showChosen(point: Point | undefined): void {
    this.#show("chosen", chosenShape(point));
  }

  /** Now, and again when the next one stands out no more. */
  #drawNotes(): void {
    const now = performance.now();
    for (const [key, until] of this.#fresh) if (until <= now) this.#fresh.delete(key);
    this.#show("notes", noteShapes(this.#notes, this.#fresh));
    clearTimeout(this.#fading);
    const [next] = this.#fresh.values();
    if (next !== undefined) this.#fading = setTimeout(() => this.#drawNotes(), next - now);
  }

  /** Sources are there once the style is. */
  #show(name: string, shapes: ReturnType<typeof placeShapes>): void {
    const source = this.#map.getSource<GeoJSONSource>(name);
    if (source === undefined) this.#map.once("styledata", () => this.#show(name, shapes));
    else void source.setData(shapes);
  }

  #pick(x: number, y: number, byKeyboard: boolean): void {
    const around: [PointLike, PointLike] = [
      [x - REACH, y - REACH],
      [x + REACH, y + REACH],
    ];
    const marks = this.#map.queryRenderedFeatures(around, { layers: ["notes", "places"] });
    const mark = nearest(marks, this.#map, x, y);
    const picked =
      mark === undefined ? { location: pointAt(this.#map.unproject([x, y])), name: undefined } : pickedOf(mark);
    this.#events.picked({ ...picked, byKeyboard });
  }

  /** Enter picks what is in the middle, which a cross shows. */
  #takeEnter(): void {
    const canvas = this.#map.getCanvas();
    canvas.setAttribute("aria-label", "Map. Arrow keys move it, plus and minus zoom, Enter picks the middle.");
    canvas.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.#pick(canvas.clientWidth / 2, canvas.clientHeight / 2, true);
    });
  }

  #tellWhenBusy(): void {
    const region = byId("section", "world");
    const busy = (is: boolean) => region.setAttribute("aria-busy", String(is));
    busy(true);
    for (const event of ["movestart", "dataloading"] as const) this.#map.on(event, () => busy(true));
    this.#map.on("idle", () => busy(false));
  }

  #recolour(): void {
    for (const { id, paint = {} } of styleFor(schemeNow(), "").layers) {
      for (const [property, value] of Object.entries(paint)) {
        this.#map.setPaintProperty(id, property as Parameters<MapLibre["setPaintProperty"]>[1], value);
      }
    }
  }
}

const schemeNow = (): Scheme => (DARK.matches ? "dark" : "light");

/** Where a mark is, exactly; notes have no name. */
function pickedOf({ properties }: MapGeoJSONFeature): Pick<Picked, "location" | "name"> {
  const { latitude, longitude, name } = properties as { latitude: number; longitude: number; name?: string };
  return { location: { latitude, longitude }, name };
}

/** The mark whose point is nearest to a pixel. */
function nearest(marks: readonly MapGeoJSONFeature[], map: MapLibre, x: number, y: number) {
  const distance = ({ geometry }: MapGeoJSONFeature) => {
    if (geometry.type !== "Point") return Number.POSITIVE_INFINITY;
    const [lng = 0, lat = 0] = geometry.coordinates;
    const at = map.project([lng, lat]);
    return Math.hypot(at.x - x, at.y - y);
  };
  return marks.reduce<MapGeoJSONFeature | undefined>(
    (best, mark) => (best === undefined || distance(mark) < distance(best) ? mark : best),
    undefined,
  );
}
