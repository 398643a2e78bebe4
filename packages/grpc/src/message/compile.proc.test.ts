// Forbidding code from strings is a flag of the whole process.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";

const SCRIPT = `
  const { binaryCodec } = await import(${JSON.stringify(new URL("./binary-codec.js", import.meta.url).href)});
  const { canCompile } = await import(${JSON.stringify(new URL("./compile.js", import.meta.url).href)});
  const { ByteWriter } = await import(${JSON.stringify(new URL("./byte-writer.js", import.meta.url).href)});
  const { PlaceSchema } = await import(${JSON.stringify(new URL("../../test/gen/kinds/kinds_pb.js", import.meta.url).href)});
  const codec = binaryCodec(PlaceSchema);
  const out = new ByteWriter();
  out.begin();
  codec.encode({ name: "Paterson", location: { latitude: 1 } }, out);
  const { name, location } = codec.decode(out.bytes, out.mark, out.at);
  console.log(JSON.stringify([canCompile(), name, location.latitude]));
`;

for (const [allowed, flags] of [
  [true, []],
  [false, ["--disallow-code-generation-from-strings"]],
] as const) {
  test(`a codec works where code from strings is ${allowed ? "allowed" : "forbidden"}`, async () => {
    const args = [...flags, "--input-type=module", "--eval", SCRIPT];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    assert.deepEqual(JSON.parse(stdout), [allowed, "Paterson", 1]);
  });
}
