import { createRequire } from "node:module";
import type { Point } from "../../geo/point.js";
import { Failure } from "../failure.js";
import { type PointReader, pointAt } from "./point-reader.js";

/** What is used of saxes. Its own types are wrong under exactOptionalPropertyTypes, and an import would bring them in. */
interface XmlParser {
  /** The line that is being read, from 1. */
  readonly line: number;
  on(event: "opentag", take: (tag: { name: string; attributes: Readonly<Record<string, string>> }) => void): void;
  on(event: "error", take: (error: Error) => void): void;
  write(text: string): void;
  close(): void;
}
const { SaxesParser } = createRequire(import.meta.url)("saxes") as { SaxesParser: new () => XmlParser };

/**
 * Reads the points of tracks and routes of a GPX file, in their order; waypoints on their own are no route.
 * Source: https://www.topografix.com/GPX/1/1/
 */
export const readGpx: PointReader = async function* (text) {
  let points: Point[] = [];
  let isInside = false;
  let count = 0;
  const parser = new SaxesParser();
  parser.on("opentag", ({ name, attributes }) => {
    // The file may give its namespace a prefix.
    const element = name.slice(name.indexOf(":") + 1);
    if (!isInside && element !== "gpx") throw new Failure(`line ${parser.line} begins with ${element}, expected gpx`);
    isInside = true;
    if (element !== "trkpt" && element !== "rtept") return;
    count++;
    points.push(pointAt(attributes["lat"] ?? "", attributes["lon"] ?? "", `line ${parser.line}, ${element}`));
  });
  parser.on("error", ({ message }) => {
    throw new Failure(`line ${parser.line} is not XML: ${message.replace(/^\d+:\d+: /, "")}`);
  });
  for await (const piece of text) {
    parser.write(piece);
    yield points;
    points = [];
  }
  parser.close();
  if (count === 0) throw new Failure("no track and no route in it: waypoints alone are none");
  yield points;
};
