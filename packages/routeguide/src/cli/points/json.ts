import type { Point } from "../../geo/point.js";
import { reasonOf } from "../../node-reason.js";
import { Failure } from "../failure.js";
import { pointsIn } from "./json-points.js";
import type { PointReader } from "./point-reader.js";

/** A document is in memory as a whole: some two million points. Other forms may be of any length. */
const MAX_CHARACTERS = 1 << 26;
/** How many points are given at a time. */
const BATCH_POINTS = 512;

/** Reads one JSON document: GeoJSON, or an array of objects with places. */
export const readJson: PointReader = async function* (text) {
  let document = "";
  for await (const piece of text) {
    document += piece;
    if (document.length > MAX_CHARACTERS) {
      throw new Failure(`a JSON document of more than ${MAX_CHARACTERS} characters: write a point a line instead`);
    }
  }
  let count = 0;
  let points: Point[] = [];
  for (const point of pointsIn(parse(document), () => `point ${count + 1}`)) {
    count++;
    points.push(point);
    if (points.length === BATCH_POINTS) {
      yield points;
      points = [];
    }
  }
  yield points;
};

function parse(document: string): unknown {
  try {
    return JSON.parse(document);
  } catch (error) {
    throw new Failure(`not JSON: ${reasonOf(error)}`);
  }
}
