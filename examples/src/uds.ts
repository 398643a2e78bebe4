/**
 * A Unix socket instead of a port: for two programs on one machine, guarded by the file's permissions.
 *
 * Run it: npm run example -- uds
 * You see:
 *
 *     the socket is there: true
 *     over it: Newark
 *     the socket is gone: true
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, createServer } from "@routeguide/grpc";
import { dial, listen } from "@routeguide/grpc/node";
import { RouteGuide } from "routeguide";
import { placeAt } from "./shared/places.js";

const server = createServer().service(RouteGuide, {
  getFeature: ({ latitude, longitude }) => placeAt(latitude, longitude),
});
const folder = mkdtempSync(join(tmpdir(), "routeguide-"));
const path = join(folder, "guide.sock");
const listening = await listen(server, { path });
console.log(`the socket is there: ${existsSync(path)}`);

const transport = dial(`unix:${path}`);
const client = createClient(RouteGuide, transport);
const { name } = await client.getFeature({ latitude: 407356600, longitude: -741723700 });
console.log(`over it: ${name}`);

await transport[Symbol.asyncDispose]();
await listening.close();
console.log(`the socket is gone: ${!existsSync(path)}`);
rmSync(folder, { recursive: true });
