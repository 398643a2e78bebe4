/** Names under which files have a coordinate, in lower case. */
export const LATITUDE_NAMES: readonly string[] = ["latitude", "lat"];
export const LONGITUDE_NAMES: readonly string[] = ["longitude", "lon", "lng", "long"];
const NAME_NAMES: readonly string[] = ["name"];

/** Which cell of a row is what, counted from 0. */
export interface Columns {
  readonly latitude: number;
  readonly longitude: number;
  /** -1 if features have no names. */
  readonly name: number;
  readonly count: number;
}

/** The order of a file without a header. */
export const DEFAULT_COLUMNS: Columns = { latitude: 0, longitude: 1, name: 2, count: 3 };

/** The columns that a header names; undefined if the row is no header. */
export function columnsOf(header: readonly string[]): Columns | undefined {
  const cells = header.map((cell) => cell.trim().toLowerCase());
  const find = (names: readonly string[]) => cells.findIndex((cell) => names.includes(cell));
  const columns = { latitude: find(LATITUDE_NAMES), longitude: find(LONGITUDE_NAMES), name: find(NAME_NAMES) };
  return columns.latitude < 0 || columns.longitude < 0 ? undefined : { ...columns, count: cells.length };
}
