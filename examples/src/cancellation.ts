/**
 * Cancellation and deadlines: the caller stops waiting, and the server stops working.
 *
 * Run it: npm run example -- cancellation
 * You see:
 *
 *     the caller's signal: CANCELLED
 *     the server has stopped
 *     a deadline of 50 ms: DEADLINE_EXCEEDED
 *     the server has stopped
 */
import { once } from "node:events";
import { codeName, createClient, createServer, RpcError } from "@routeguide/grpc";
import { dial, listen } from "@routeguide/grpc/node";
import { RouteGuide } from "routeguide";
import { NEW_YORK } from "./shared/places.js";

const begun = new EventTarget();
const ended = new EventTarget();

const server = createServer().service(RouteGuide, {
  // Work that takes for ever, unless somebody stops it. Pass call.signal on to fetch, to a database, to timers.
  async getFeature(_point, call) {
    begun.dispatchEvent(new Event("call"));
    await once(call.signal, "abort");
    ended.dispatchEvent(new Event("call"));
    return {};
  },
});

await using listening = await listen(server, { port: 0 });
await using transport = dial(`http://${listening.address}`);
const client = createClient(RouteGuide, transport);

async function show(what: string, call: Promise<unknown>): Promise<void> {
  const stopped = once(ended, "call");
  const error = RpcError.from(await call.catch((reason: unknown) => reason));
  console.log(`${what}: ${codeName(error.code)}`);
  await stopped;
  console.log("the server has stopped");
}

const controller = new AbortController();
begun.addEventListener("call", () => controller.abort(), { once: true });
await show("the caller's signal", client.getFeature(NEW_YORK, { signal: controller.signal }));
await show("a deadline of 50 ms", client.getFeature(NEW_YORK, { timeoutMs: 50 }));
