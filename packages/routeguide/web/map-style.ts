/** How the map looks, in light and in dark. Names are drawn with fonts of the reader's machine: none is loaded. */
import type { ExpressionSpecification, LayerSpecification, SourceSpecification, StyleSpecification } from "maplibre-gl";

export type Scheme = "light" | "dark";

interface Palette {
  readonly sea: string;
  readonly land: string;
  readonly border: string;
  readonly country: string;
  readonly place: string;
  readonly dot: string;
  readonly halo: string;
  readonly note: string;
  readonly route: string;
  readonly edge: string;
}

const PALETTES: Readonly<Record<Scheme, Palette>> = {
  light: {
    sea: "#d3e0e6",
    land: "#f7f5f0",
    border: "#c3bdb0",
    country: "#8a8478",
    place: "#2b3238",
    dot: "#6b7984",
    halo: "#f7f5f0",
    note: "#c2570c",
    route: "#0b6e63",
    edge: "#ffffff",
  },
  dark: {
    sea: "#0f161b",
    land: "#222b31",
    border: "#414d55",
    country: "#77848d",
    place: "#dfe5e9",
    dot: "#74838e",
    halo: "#222b31",
    note: "#f59e4b",
    route: "#57cbb8",
    edge: "#10171c",
  },
};

const FONTS = ["Noto Sans", "DejaVu Sans", "Helvetica Neue", "Arial", "sans-serif"];
const EMPTY: SourceSpecification = { type: "geojson", data: { type: "FeatureCollection", features: [] } };

/** @param world the address of land, borders and the names of countries as GeoJSON */
export function styleFor(scheme: Scheme, world: string): StyleSpecification {
  return {
    version: 8,
    sources: { world: { type: "geojson", data: world }, places: EMPTY, notes: EMPTY, route: EMPTY, chosen: EMPTY },
    layers: layersFor(PALETTES[scheme]),
  };
}

/** The first places of a view stand out from those that follow, and these from all others. */
const byRank = (first: number, next: number, others: number): ExpressionSpecification => [
  "step",
  ["get", "rank"],
  first,
  12,
  next,
  80,
  others,
];

/** The layers, the lowest first. They differ between schemes in nothing but colours. */
function layersFor(palette: Palette): LayerSpecification[] {
  return [
    { id: "sea", type: "background", paint: { "background-color": palette.sea } },
    {
      id: "land",
      type: "fill",
      source: "world",
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": palette.land, "fill-antialias": true },
    },
    {
      id: "borders",
      type: "line",
      source: "world",
      filter: ["==", ["geometry-type"], "LineString"],
      paint: { "line-color": palette.border, "line-width": ["interpolate", ["linear"], ["zoom"], 1, 0.6, 6, 1.4] },
    },
    {
      id: "countries",
      type: "symbol",
      source: "world",
      filter: ["==", ["geometry-type"], "Point"],
      minzoom: 2,
      maxzoom: 7,
      layout: {
        "text-field": ["get", "name"],
        "text-font": FONTS,
        "text-size": ["interpolate", ["linear"], ["zoom"], 2, 10, 6, 14],
        "text-letter-spacing": 0.12,
        "text-transform": "uppercase",
        "text-max-width": 7,
        "text-padding": 6,
        "symbol-sort-key": ["get", "rank"],
      },
      paint: { "text-color": palette.country, "text-halo-color": palette.halo, "text-halo-width": 1.2 },
    },
    {
      id: "route-line",
      type: "line",
      source: "route",
      filter: ["==", ["geometry-type"], "LineString"],
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": palette.route, "line-width": 4 },
    },
    {
      id: "route-points",
      type: "circle",
      source: "route",
      filter: ["==", ["geometry-type"], "Point"],
      paint: {
        "circle-radius": 4.5,
        "circle-color": palette.edge,
        "circle-stroke-color": palette.route,
        "circle-stroke-width": 2.5,
      },
    },
    {
      id: "places",
      type: "circle",
      source: "places",
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 1, 1.6, 7, byRank(3.2, 2.4, 1.8), 12, 4],
        "circle-color": palette.dot,
        "circle-opacity": ["interpolate", ["linear"], ["zoom"], 6, 1, 7, byRank(1, 0.9, 0.6), 12, 1],
      },
    },
    {
      id: "place-names",
      type: "symbol",
      source: "places",
      layout: {
        "text-field": ["get", "label"],
        "text-font": FONTS,
        "text-size": ["interpolate", ["linear"], ["zoom"], 1, byRank(12, 11, 11), 7, byRank(15, 13, 11.5), 12, 14],
        "text-variable-anchor": ["left", "right", "top", "bottom"],
        "text-radial-offset": 0.5,
        "text-max-width": 10,
        "text-padding": 4,
        "symbol-sort-key": ["get", "rank"],
      },
      paint: { "text-color": palette.place, "text-halo-color": palette.halo, "text-halo-width": 1.5 },
    },
    {
      id: "note-rings",
      type: "circle",
      source: "notes",
      filter: ["get", "hasArrived"],
      paint: { "circle-radius": 18, "circle-color": palette.note, "circle-opacity": 0.3 },
    },
    {
      id: "notes",
      type: "circle",
      source: "notes",
      paint: {
        "circle-radius": 6.5,
        "circle-color": palette.note,
        "circle-stroke-color": palette.edge,
        "circle-stroke-width": 2,
      },
    },
    {
      id: "chosen",
      type: "circle",
      source: "chosen",
      paint: {
        "circle-radius": 11,
        "circle-color": palette.route,
        "circle-opacity": 0.15,
        "circle-stroke-color": palette.route,
        "circle-stroke-width": 2.5,
      },
    },
  ];
}
