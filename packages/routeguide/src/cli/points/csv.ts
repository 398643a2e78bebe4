import { pipeline, Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import type { Point } from "../../geo/point.js";
import { Failure } from "../failure.js";
import { type PointReader, pointAt } from "./point-reader.js";

/** How many points are given at a time. */
const BATCH_POINTS = 512;
/** No row that anybody writes is longer; a file without line breaks must not fill the memory. */
const MAX_ROW_BYTES = 1 << 20;
const LATITUDE = /^lat(itude)?$/i;
const LONGITUDE = /^(lon|lng|long|longitude)$/i;

interface Row {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

interface Columns {
  readonly latitude: number;
  readonly longitude: number;
  /** Whether the first row names the columns. */
  readonly isNamed: boolean;
}

/**
 * Reads rows of cells. A first row with names says which columns are latitude and longitude; without one they are the first two.
 *
 * @param firstLine what shows whether tabs, semicolons or commas stand between the cells
 */
export const csvReader = (firstLine: string): PointReader =>
  async function* (text) {
    const delimiter = ["\t", ";"].find((char) => firstLine.includes(char)) ?? ",";
    const parser = parse({
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: MAX_ROW_BYTES,
    });
    // Whatever fails in the text destroys the parser, whose reader is told below.
    pipeline(Readable.from(text), parser, () => {});
    let columns: Columns | undefined;
    let points: Point[] = [];
    try {
      for await (const { record, info } of parser as AsyncIterable<Row>) {
        const where = `line ${info.lines}`;
        if (columns === undefined) {
          columns = columnsOf(record, where);
          if (columns.isNamed) continue;
        }
        points.push(pointAt(record[columns.latitude] ?? "", record[columns.longitude] ?? "", where));
        if (points.length === BATCH_POINTS) {
          yield points;
          points = [];
        }
      }
    } catch (error) {
      throw error instanceof CsvError ? new Failure(error.message) : error;
    }
    yield points;
  };

function columnsOf(first: readonly string[], where: string): Columns {
  const names = first.map((cell) => cell.trim());
  const latitude = names.findIndex((name) => LATITUDE.test(name));
  const longitude = names.findIndex((name) => LONGITUDE.test(name));
  if (latitude >= 0 && longitude >= 0) return { latitude, longitude, isNamed: true };
  if (/^[+-]?[\d.]/.test(names[0] ?? "")) return { latitude: 0, longitude: 1, isNamed: false };
  throw new Failure(`${where}: no columns named latitude and longitude in ${names.join(", ").slice(0, 80)}`);
}
