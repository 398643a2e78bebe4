import type { OutputFormat } from "../config.js";
import type { Point } from "../geo/point.js";

type Properties = Readonly<Record<string, string | number>>;

/** How one kind of result is written in each format. */
export interface Shape<T> {
  /** The table's first line. */
  readonly header: string;
  tableRow(value: T): string;
  /** What the result holds beside its place. Names carry units. */
  properties(value: T): Properties;
  /** Where it is; undefined for what is nowhere. */
  position(value: T): Point | undefined;
}

/** Results as text: opening, items with separators between them, closing. */
export interface Format<T> {
  readonly opening: string;
  readonly separator: string;
  readonly closing: string;
  item(value: T): string;
}

/** The format of a call that returns one result. */
export function formatOne<T>(name: OutputFormat, shape: Shape<T>): Format<T> {
  if (name === "json") return lines((value) => JSON.stringify(objectOf(shape, value), null, 2));
  if (name === "geojson") return lines((value) => JSON.stringify(featureOf(shape, value), null, 2));
  return formatLines(name, shape);
}

/** The format of a call that streams results: JSON as an array, GeoJSON as a FeatureCollection. */
export function formatMany<T>(name: OutputFormat, shape: Shape<T>): Format<T> {
  if (name === "json") {
    return list("[", "]", (value) => JSON.stringify(objectOf(shape, value)));
  }
  if (name === "geojson") {
    return list('{"type":"FeatureCollection","features":[', "]}", (value) => JSON.stringify(featureOf(shape, value)));
  }
  return formatLines(name, shape);
}

function formatLines<T>(name: "table" | "ndjson", shape: Shape<T>): Format<T> {
  if (name === "ndjson") return lines((value) => JSON.stringify(objectOf(shape, value)));
  return { ...lines((value) => shape.tableRow(value)), opening: `${shape.header}\n` };
}

const lines = <T>(write: (value: T) => string): Format<T> => ({
  opening: "",
  separator: "",
  closing: "",
  item: (value) => `${write(value)}\n`,
});

const list = <T>(opening: string, closing: string, write: (value: T) => string): Format<T> => ({
  opening,
  separator: ",",
  closing: `\n${closing}\n`,
  item: (value) => `\n${write(value)}`,
});

function objectOf<T>(shape: Shape<T>, value: T): object {
  const position = shape.position(value);
  return position === undefined
    ? shape.properties(value)
    : { latitude: position.latitude / 1e7, longitude: position.longitude / 1e7, ...shape.properties(value) };
}

/** A GeoJSON feature (RFC 7946), whose coordinates are longitude first. */
function featureOf<T>(shape: Shape<T>, value: T): object {
  const position = shape.position(value);
  return {
    type: "Feature",
    geometry:
      position === undefined
        ? null
        : { type: "Point", coordinates: [position.longitude / 1e7, position.latitude / 1e7] },
    properties: shape.properties(value),
  };
}
