import { Invalid } from "./invalid.js";
import { E7_PER_DEGREE, MAX_LATITUDE_E7, MAX_LONGITUDE_E7, type Point } from "./point.js";

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INTEGER = /^[+-]?\d+$/;
/** Nobody's degrees are larger, also where longitudes count up to 360: those are refused instead of being taken for E7. */
const MAX_DEGREES = 360;

/**
 * Reads a point as people write it: latitude and longitude with a comma or white space between them, both in degrees
 * (`40.9146,-74.6189`) or both in E7 (`409146138,-746188906`). See {@link parseCoordinates} for which is meant when.
 */
export function parsePoint(text: string): Point | Invalid {
  const [latitude, longitude, ...rest] = text.trim().split(/\s*,\s*|\s+/);
  if (latitude === undefined || longitude === undefined || rest.length > 0) {
    return new Invalid("point", JSON.stringify(text), "latitude,longitude in degrees or in E7");
  }
  return parseCoordinates(latitude, longitude);
}

/**
 * Reads two coordinates of one point. They are E7 if one of them is an integer beyond +-360, and then both must be integers;
 * otherwise they are degrees, rounded to the nearest E7. So `5,7` is in degrees, and `5,-746188906` in E7.
 */
export function parseCoordinates(latitude: string, longitude: string): Point | Invalid {
  return inOrder(readCoordinates, latitude, longitude);
}

/** The point at coordinates in degrees, rounded to the nearest E7. */
export function pointInDegrees(latitude: number, longitude: number): Point | Invalid {
  return inOrder(readDegrees, latitude, longitude);
}

/** Says so if the two would be a point the other way round: half of all programs put longitude first. */
function inOrder<T>(read: (latitude: T, longitude: T) => Point | Invalid, latitude: T, longitude: T): Point | Invalid {
  const point = read(latitude, longitude);
  if (!(point instanceof Invalid) || point.field !== "latitude") return point;
  if (read(longitude, latitude) instanceof Invalid) return point;
  return new Invalid(point.field, point.value, `${point.expected}; latitude and longitude may be swapped`);
}

function readCoordinates(latitude: string, longitude: string): Point | Invalid {
  const isE7 = isE7Integer(latitude) || isE7Integer(longitude);
  const parse = isE7 ? parseE7 : parseDegrees;
  const lat = parse("latitude", latitude, MAX_LATITUDE_E7);
  if (lat instanceof Invalid) return lat;
  const lon = parse("longitude", longitude, MAX_LONGITUDE_E7);
  return lon instanceof Invalid ? lon : { latitude: lat, longitude: lon };
}

function readDegrees(latitude: number, longitude: number): Point | Invalid {
  const lat = e7Of(latitude, MAX_LATITUDE_E7);
  if (Number.isNaN(lat)) return new Invalid("latitude", String(latitude), degreesUpTo(MAX_LATITUDE_E7));
  const lon = e7Of(longitude, MAX_LONGITUDE_E7);
  if (Number.isNaN(lon)) return new Invalid("longitude", String(longitude), degreesUpTo(MAX_LONGITUDE_E7));
  return { latitude: lat, longitude: lon };
}

const isE7Integer = (text: string) => INTEGER.test(text) && Math.abs(Number(text)) > MAX_DEGREES;

function parseE7(field: string, text: string, max: number): number | Invalid {
  const e7 = Number(text);
  if (INTEGER.test(text) && Math.abs(e7) <= max) return e7 + 0;
  const why = isE7Integer(text) ? "" : ", as the other coordinate is one";
  return new Invalid(field, text, `an E7 integer from -${max} to ${max}${why}`);
}

function parseDegrees(field: string, text: string, max: number): number | Invalid {
  const e7 = DECIMAL.test(text) ? e7Of(Number(text), max) : Number.NaN;
  if (!Number.isNaN(e7)) return e7;
  return new Invalid(field, text, `${degreesUpTo(max)}, or an E7 integer from -${max} to ${max}`);
}

/** Degrees as E7; NaN if they are more than `max`, in E7. Adding 0 makes -0 an integer like any other. */
function e7Of(degrees: number, max: number): number {
  const e7 = Math.round(degrees * E7_PER_DEGREE) + 0;
  return Math.abs(e7) <= max ? e7 : Number.NaN;
}

const degreesUpTo = (max: number) => `degrees from -${max / E7_PER_DEGREE} to ${max / E7_PER_DEGREE}`;
