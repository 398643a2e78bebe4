import type { Feature, RouteNote, RouteSummary } from "../contract/gen/routeguide/route_guide_pb.js";
import type { Point } from "../geo/point.js";
import { alignDegrees } from "./degrees.js";
import type { Shape } from "./format.js";
import { printable } from "./printable.js";

const PLACE_HEADER = `${"LATITUDE".padEnd(12)}  ${"LONGITUDE".padEnd(12)}`;
const NOWHERE: Point = { latitude: 0, longitude: 0 };

export const featureShape: Shape<Feature> = {
  header: `${PLACE_HEADER}  NAME`,
  tableRow: ({ location, name }) => placeRow(location ?? NOWHERE, name === "" ? "(no name)" : name),
  properties: ({ name }) => ({ name }),
  position: ({ location }) => location,
};

export const noteShape: Shape<RouteNote> = {
  header: `${PLACE_HEADER}  MESSAGE`,
  tableRow: ({ location, message }) => placeRow(location ?? NOWHERE, message),
  properties: ({ message }) => ({ message }),
  position: ({ location }) => location,
};

export const summaryShape: Shape<RouteSummary> = {
  header: "POINTS      FEATURES    DISTANCE        TIME",
  tableRow: ({ pointCount, featureCount, distance, elapsedTime }) =>
    [
      grouped(pointCount).padEnd(12),
      grouped(featureCount).padEnd(12),
      formatDistance(distance).padEnd(16),
      `${grouped(elapsedTime)} s`,
    ].join(""),
  properties: ({ pointCount, featureCount, distance, elapsedTime }) => ({
    pointCount,
    featureCount,
    distanceMetres: distance,
    elapsedSeconds: elapsedTime,
  }),
  position: () => undefined,
};

/** 1234567 as 1,234,567. A server says so too, and with Intl, whose tables it needs for nothing else, it takes 7 MiB more memory. */
export const grouped = (count: number) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

/** Metres below a kilometre, kilometres from there on. */
export function formatDistance(metres: number): string {
  if (metres < 1000) return `${metres} m`;
  return `${(metres / 1000).toLocaleString("en-US", { maximumFractionDigits: metres < 100_000 ? 1 : 0 })} km`;
}

const placeRow = ({ latitude, longitude }: Point, text: string) =>
  `${alignDegrees(latitude)}  ${alignDegrees(longitude)}  ${printable(text)}`;
