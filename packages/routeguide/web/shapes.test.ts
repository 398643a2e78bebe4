import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { noteShapes, placeShapes, routeShapes } from "./map-shapes.js";
import { NoteKeys } from "./note.js";
import { formatPoint, keyOf, pointAt } from "./point.js";
import { formatCount, formatMetres, formatSeconds } from "./units.js";

const PARIS = { latitude: 488_534_100, longitude: 23_488_000 };

suite("What is shown on the map", () => {
  test("A route goes the shorter way round the world, without a jump", () => {
    const east = { latitude: 0, longitude: 1_790_000_000 };
    const west = { latitude: 0, longitude: -1_790_000_000 };
    const geometry = routeShapes([east, west, east]).features[0]?.geometry;
    const line = geometry?.type === "LineString" ? geometry.coordinates : [];
    assert.deepEqual(
      [line[0], line[8], line[16]],
      [
        [179, 0],
        [181, 0],
        [179, 0],
      ],
    );
    assert.equal(line.length, 17);
    for (const [i, [lng = 0]] of line.entries()) assert.ok(Math.abs(lng - (line[i - 1]?.[0] ?? lng)) < 0.26);
  });

  test("A point alone is no line", () => {
    assert.deepEqual(
      routeShapes([PARIS]).features.map(({ geometry }) => geometry.type),
      ["Point"],
    );
  });

  test("However many notes are at a point, it has one mark", () => {
    const note = (message: string) => ({ location: PARIS, message, key: message, isNew: false });
    const { features } = noteShapes([note("one"), note("two")], new Set([keyOf(PARIS)]));
    assert.deepEqual(
      features.map(({ properties }) => properties),
      [{ ...PARIS, hasArrived: true }],
    );
  });

  test("A place is labelled with the first part of its name, and keeps its exact point", () => {
    const { features } = placeShapes([{ name: "Paris, FR", location: PARIS }]);
    assert.deepEqual(features[0]?.properties, { ...PARIS, name: "Paris, FR", label: "Paris", rank: 0 });
  });
});

test("Equal notes have keys of their own, the same each time they are told", () => {
  const note = { location: PARIS, message: "again" };
  const keys = () => {
    const keys = new NoteKeys();
    return [keys.next(note), keys.next(note), keys.next({ ...note, message: "other" })];
  };
  assert.equal(new Set(keys()).size, 3);
  assert.deepEqual(keys(), keys());
});

test("A note that is equal to others has a key that none of those has which are still shown", () => {
  const note = { location: PARIS, message: "again" };
  const keys = new NoteKeys();
  const [, second, third] = [keys.next(note), keys.next(note), keys.next(note)];
  keys.forget(note);
  const fourth = keys.next(note);
  assert.equal(new Set([second, third, fourth]).size, 3);
  for (let left = 3; left > 0; left--) keys.forget(note);
  assert.equal(keys.next(note), new NoteKeys().next(note));
});

test("Points are read in degrees, with the hemisphere", () => {
  assert.equal(formatPoint({ latitude: 407_142_700, longitude: -740_059_700 }), "40.71427° N, 74.00597° W");
  assert.equal(formatPoint({ latitude: -100_000_000, longitude: 0 }), "10° S, 0°");
  assert.deepEqual(pointAt({ lat: 12.3456789, lng: 190 }), { latitude: 123_456_800, longitude: -1_700_000_000 });
});

test("Figures are as exact as one reads them", () => {
  assert.deepEqual([999, 9_534, 61_249, 5_570_222].map(formatMetres), ["999 m", "9.53 km", "61.2 km", "5,570 km"]);
  assert.deepEqual([8, 125, 3_725].map(formatSeconds), ["8 s", "2 min 5 s", "1 h 2 min"]);
  assert.deepEqual([formatCount(1, "point"), formatCount(1_200, "point")], ["1 point", "1,200 points"]);
});
