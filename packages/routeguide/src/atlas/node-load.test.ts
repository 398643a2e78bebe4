import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { rectangleBetween } from "../geo/rectangle.js";
import { type LoadProgress, loadPlaces, loadShippedPlaces, PlacesError } from "./node-load.js";

test("The places that ship are the world's, none twice, and each has a name", async () => {
  const atlas = await loadShippedPlaces();
  assert.equal(atlas.size, 171_038);
  assert.ok(atlas.has(407_142_700, -740_059_700), "New York City");
  const tutorial = rectangleBetween({ latitude: 40e7, longitude: -75e7 }, { latitude: 42e7, longitude: -73e7 });
  const count = [...atlas.runs(tutorial)].reduce((sum, run) => sum + run.count, 0);
  assert.equal(count, 1022);
  const { bytes, start, end } = atlas.feature(-235_475_000, -466_361_100);
  assert.match(Buffer.from(bytes.subarray(start, end)).toString(), /São Paulo, BR/);
});

test("Files are loaded one behind the other, gzipped or not, and progress is told", async () => {
  await using folder = await temporaryFolder();
  const one = await folder.write("one.json", '[{"location":{"latitude":1,"longitude":2},"name":"First"}]');
  const two = await folder.write("two", gzipSync("lat,lon,name\n0.0000001,0.0000002,Second\n5.5,6.5,Third\n"));
  const told: LoadProgress[] = [];
  const atlas = await loadPlaces([one, two], (progress) => told.push(progress));
  assert.equal(atlas.size, 3);
  const { bytes, start, end } = atlas.feature(1, 2);
  assert.match(Buffer.from(bytes.subarray(start, end)).toString(), /First/);
  assert.deepEqual(told.at(-1), { phase: "packing", file: two, share: 1, features: 3 });
  assert.ok(told.some(({ phase, file, features }) => phase === "reading" && file === one && features === 1));
  assert.ok(told.every(({ share }) => share >= 0 && share <= 1));
});

test("A file larger than what is read at once is read whole", async () => {
  await using folder = await temporaryFolder();
  const rows = Array.from({ length: 100_000 }, (_, i) => `${(i / 1e4).toFixed(4)}\t0.0\tPlace ${i}`);
  const plain = await folder.write("plain.tsv", rows.join("\n"));
  const packed = await folder.write("packed.tsv", gzipSync(rows.join("\n")));
  assert.equal((await loadPlaces([plain, packed])).size, 200_000);
});

test("What cannot be loaded is one line with the file's name and the reason", async () => {
  await using folder = await temporaryFolder();
  const bad = await folder.write("bad.csv", "lat,lon\n1,2\n1,270\n");
  const cut = await folder.write("cut.gz", gzipSync("lat,lon\n1,2\n").subarray(0, 25));
  const message = async (file: string) => {
    const error = await loadPlaces([file]).catch((reason: unknown) => reason);
    assert.ok(error instanceof PlacesError);
    assert.equal(error.file, file);
    return error.message;
  };
  assert.match(await message(bad), /bad\.csv: line 3: longitude is 270, expected degrees from -180 to 180/);
  assert.match(await message(cut), /^cannot read .*cut\.gz: unexpected end of file$/);
  assert.match(await message(join(folder.path, "absent")), /^cannot read .*absent: no such file or directory$/);
  assert.match(await message(folder.path), /^cannot read .*: it is a folder$/);
});

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), "routeguide-"));
  return {
    path,
    async write(name: string, content: string | Uint8Array): Promise<string> {
      await writeFile(join(path, name), content);
      return join(path, name);
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true }),
  };
}
