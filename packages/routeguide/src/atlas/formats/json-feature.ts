import { Invalid } from "../../geo/invalid.js";
import { parseCoordinates, pointInDegrees } from "../../geo/parse-point.js";
import { checkPoint, type Point } from "../../geo/point.js";
import { LATITUDE_NAMES, LONGITUDE_NAMES } from "./columns.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** A feature as JSON has it. */
export interface NamedPoint extends Point {
  readonly name: string;
}

/**
 * A feature in one of the forms that JSON files have:
 *
 * - the contract's: `{"location": {"latitude", "longitude"}, "name"}`, in E7; a coordinate that is left out is 0, as protobuf writes it
 * - GeoJSON's: `{"type": "Feature", "geometry": {"type": "Point", "coordinates": [longitude, latitude]}, "properties": {"name"}}`
 * - flat: `{"latitude", "longitude", "name"}`, with the other names that columns may have, in degrees or in E7
 *
 * A name that is null or left out is empty.
 */
export function featureOf(value: unknown): NamedPoint | Invalid {
  if (!isObject(value)) return new Invalid("the feature", shown(value), "a JSON object");
  if (value["type"] === "Feature") return geoJsonFeature(value);
  if ("location" in value) return named(locationOf(value["location"]), value["name"]);
  return named(flatPoint(value), value["name"]);
}

function geoJsonFeature({ geometry, properties }: JsonObject): NamedPoint | Invalid {
  if (!isObject(geometry) || geometry["type"] !== "Point" || !Array.isArray(geometry["coordinates"])) {
    const type = isObject(geometry) ? geometry["type"] : geometry;
    return new Invalid("geometry", shown(type), "a Point with coordinates");
  }
  const [longitude, latitude]: readonly unknown[] = geometry["coordinates"];
  if (typeof latitude !== "number" || typeof longitude !== "number") {
    return new Invalid("coordinates", shown(geometry["coordinates"]), "longitude and latitude in degrees");
  }
  const name = isObject(properties) ? properties["name"] : undefined;
  return named(pointInDegrees(latitude, longitude), name);
}

function locationOf(location: unknown): Point | Invalid {
  if (!isObject(location)) return new Invalid("location", shown(location), "an object with latitude and longitude");
  const { latitude = 0, longitude = 0 } = location;
  if (!Number.isInteger(latitude)) return new Invalid("location.latitude", shown(latitude), "an E7 integer");
  if (!Number.isInteger(longitude)) return new Invalid("location.longitude", shown(longitude), "an E7 integer");
  const point = { latitude: Number(latitude), longitude: Number(longitude) };
  return checkPoint(point.latitude, point.longitude, "location.") ?? point;
}

function flatPoint(feature: JsonObject): Point | Invalid {
  const latitude = LATITUDE_NAMES.find((name) => name in feature);
  const longitude = LONGITUDE_NAMES.find((name) => name in feature);
  if (latitude === undefined || longitude === undefined) {
    return new Invalid("the feature", shown(feature), "location, geometry, or latitude and longitude");
  }
  return parseCoordinates(String(feature[latitude]), String(feature[longitude]));
}

function named(point: Point | Invalid, name: unknown): NamedPoint | Invalid {
  if (point instanceof Invalid) return point;
  const { latitude, longitude } = point;
  if (typeof name === "string") return { latitude, longitude, name };
  if (name === undefined || name === null) return { latitude, longitude, name: "" };
  return new Invalid("name", shown(name), "text");
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function shown(value: unknown): string {
  // Of a number that is too large for one, JSON would say null.
  const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? "absent");
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
