/**
 * The client of gRPC's interop tests: client.js --target URL [--engine node] [--ca FILE] [--name SERVER_NAME] CASE... It prints how
 * each case ended, one on a line.
 */
import { readFileSync } from "node:fs";
import { inspect, parseArgs } from "node:util";
import { dial } from "../../src/carrier/node-dial.js";
import type { DialTarget } from "../../src/carrier/node-target.js";
import { CASES } from "./cases.js";
import { makeClients } from "./clients.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { target: { type: "string" }, engine: { type: "string" }, ca: { type: "string" }, name: { type: "string" } },
});
const { target = "", engine, ca, name } = values;
await using transport = dial(target as DialTarget, {
  engine: engine === "node" ? "node" : "own",
  tls: { ...(ca !== undefined && { ca: readFileSync(ca) }), ...(name !== undefined && { servername: name }) },
});
const clients = makeClients(transport);
for (const title of positionals) {
  const run = CASES[title];
  if (run === undefined) throw new Error(`there is no case ${title}`);
  try {
    await run(clients);
    console.log(`ok ${title}`);
  } catch (error) {
    console.log(`failed ${title} ${inspect(error)}`);
  }
}
