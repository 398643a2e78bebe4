import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { pipeline } from "node:stream";
import { fileURLToPath } from "node:url";
import { createGunzip } from "node:zlib";
import { reasonOf } from "../node-reason.js";
import type { Atlas } from "./atlas.js";
import { AtlasBuilder } from "./atlas-builder.js";
import { FeatureReader } from "./formats/feature-reader.js";
import { BadRow } from "./formats/row-format.js";

/** The places that ship with the package: every city, town and large village of GeoNames, the most populous first. */
const SHIPPED_PLACES: string = fileURLToPath(new URL("../../../data/places.tsv.gz", import.meta.url));

const CHUNK_BYTES = 64 * 1024;

export interface LoadProgress {
  /** First each file is read, then what they held is packed. */
  readonly phase: "reading" | "packing";
  /** The file that is read, or was last. */
  readonly file: string;
  /** How much of the file is read, 0 to 1. */
  readonly share: number;
  /** How many features there are so far, of all files. */
  readonly features: number;
}

/** A file of places that cannot be loaded. Its message is one line for the user, which names the file. */
export class PlacesError extends Error {
  override readonly name: string = "PlacesError";

  /**
   * @param file as it was given
   * @param reason the row that cannot be taken, or why the file cannot be read
   */
  constructor(
    readonly file: string,
    readonly reason: BadRow | NodeJS.ErrnoException,
  ) {
    const isRow = reason instanceof BadRow;
    super(
      isRow ? `${file}: ${reason.message}` : `cannot read ${file}: ${reasonOf(reason)}`,
      isRow ? undefined : { cause: reason },
    );
  }
}

/**
 * Loads the features of files into one atlas, in the order of the files. Any format that FeatureReader reads, gzipped or not, told by
 * the content and not by the name.
 *
 * @throws {PlacesError} with the first file that cannot be read, or the first row that cannot be taken
 */
export async function loadPlaces(
  files: readonly string[],
  onProgress?: (progress: LoadProgress) => void,
): Promise<Atlas> {
  const builder = new AtlasBuilder();
  for (const file of files) {
    const report = (share: number) => onProgress?.({ phase: "reading", file, share, features: builder.size });
    const bad = await readFile(file, builder, report).catch((error: unknown) => {
      throw isSystemError(error) ? new PlacesError(file, error) : error;
    });
    if (bad !== undefined) throw new PlacesError(file, bad);
  }
  onProgress?.({ phase: "packing", file: files.at(-1) ?? "", share: 1, features: builder.size });
  return builder.build();
}

/** Loads the places that ship with the package. */
export function loadShippedPlaces(onProgress?: (progress: LoadProgress) => void): Promise<Atlas> {
  return loadPlaces([SHIPPED_PLACES], onProgress);
}

async function readFile(
  file: string,
  builder: AtlasBuilder,
  report: (share: number) => void,
): Promise<BadRow | undefined> {
  await using handle = await open(file);
  const { size } = await handle.stat();
  const raw = createReadStream(file, { fd: handle, autoClose: false, start: 0, highWaterMark: CHUNK_BYTES });
  // The callback has nothing to do: an error ends the iteration below.
  const stream = (await isGzip(handle)) ? pipeline(raw, createGunzip({ chunkSize: CHUNK_BYTES }), () => {}) : raw;
  const reader = new FeatureReader(builder);
  for await (const bytes of stream) {
    const bad = reader.push(bytes);
    if (bad !== undefined) return bad;
    report(size === 0 ? 1 : Math.min(1, raw.bytesRead / size));
  }
  return reader.end();
}

/** Gzip's magic number: RFC 1952, section 2.3.1. */
async function isGzip(handle: FileHandle): Promise<boolean> {
  const { bytesRead, buffer } = await handle.read(new Uint8Array(2), 0, 2, 0);
  return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
}

/** Errors of files and of zlib carry a code; a mistake of ours does not. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && typeof error.code === "string";
}
