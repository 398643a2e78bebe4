import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { HpackDecoder } from "./decoder.js";

interface Story {
  readonly cases: readonly {
    readonly seqno: number;
    readonly wire: string;
    readonly header_table_size?: number;
    readonly headers: readonly Readonly<Record<string, string>>[];
  }[];
}

const folder = new URL("../../../../test/hpack-stories/", import.meta.url);

for (const encoder of readdirSync(folder).filter((name) => !name.includes("."))) {
  test(`the published stories encoded by ${encoder} decode`, () => {
    for (const file of readdirSync(new URL(`${encoder}/`, folder))) {
      const story: Story = JSON.parse(readFileSync(new URL(`${encoder}/${file}`, folder), "utf8"));
      const sizes = story.cases.map((one) => one.header_table_size ?? 4096);
      const decoder = new HpackDecoder(Math.max(4096, ...sizes), { maxListBytes: 65_536, maxFields: 200 });
      for (const { seqno, wire, headers } of story.cases) {
        const block = Buffer.from(wire, "hex");
        const fields = decoder.decode(block, 0, block.length);
        assert.deepEqual(fields, headers.flatMap(Object.entries).flat(), `${file}, case ${seqno}: ${decoder.error}`);
      }
    }
  });
}
