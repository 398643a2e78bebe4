import type { Degrees } from "./point.js";

/** Degrees of arc between two points of a line: some 28 km, which are straight on the map to within 20 m. */
const STEP = 0.25;
const RADIANS_PER_DEGREE = Math.PI / 180;

/**
 * Points along the great circle from one point to another, which is the way that the server measures; the last is the other point,
 * the first is left out. Between antipodes, all ways are as short: there is nothing between them.
 *
 * Source: intermediate points on a great circle, in Ed Williams' Aviation Formulary (https://edwilliams.org/avform147.htm#Intermediate).
 */
export function greatCircle(from: Degrees, to: Degrees): Degrees[] {
  const [start, end] = [directionOf(from), directionOf(to)];
  const arc = Math.acos(Math.max(-1, Math.min(1, start[0] * end[0] + start[1] * end[1] + start[2] * end[2])));
  const sine = Math.sin(arc);
  if (sine < SAME) return [to];
  const steps = Math.ceil(arc / (STEP * RADIANS_PER_DEGREE));
  return Array.from({ length: steps }, (_, i) => {
    const part = (i + 1) / steps;
    if (part === 1) return to;
    const [a, b] = [Math.sin((1 - part) * arc) / sine, Math.sin(part * arc) / sine];
    return degreesOf([a * start[0] + b * end[0], a * start[1] + b * end[1], a * start[2] + b * end[2]]);
  });
}

/** From the middle of the Earth, of length 1. */
type Direction = readonly [x: number, y: number, z: number];

/** The sine of an arc that is none, or half the circle. */
const SAME = 1e-9;

function directionOf({ lat, lng }: Degrees): Direction {
  const [phi, lambda] = [lat * RADIANS_PER_DEGREE, lng * RADIANS_PER_DEGREE];
  return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
}

const degreesOf = ([x, y, z]: Direction): Degrees => ({
  lat: Math.atan2(z, Math.hypot(x, y)) / RADIANS_PER_DEGREE,
  lng: Math.atan2(y, x) / RADIANS_PER_DEGREE,
});
