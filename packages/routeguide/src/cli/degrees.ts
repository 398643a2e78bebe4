import { formatDegrees, type Point } from "../geo/point.js";

/** E7 as degrees without trailing zeros: 409146138 is 40.9146138, -750000000 is -75. */
export function trimDegrees(e7: number): string {
  return formatDegrees(e7).replace(/\.?0+$/, "");
}

/** 40.9146138, -74.6188906: readable, and a form that every command takes. */
export function trimPoint({ latitude, longitude }: Point): string {
  return `${trimDegrees(latitude)}, ${trimDegrees(longitude)}`;
}

/** Degrees in a column 12 wide: decimal points stand below each other, whatever the sign and the digits. */
export function alignDegrees(e7: number): string {
  const text = trimDegrees(e7);
  const point = text.indexOf(".");
  const whole = point < 0 ? text.length : point;
  return `${" ".repeat(4 - whole)}${text}`.padEnd(12);
}
