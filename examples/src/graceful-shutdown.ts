/**
 * Stopping well: the port closes, callers are told to go elsewhere, calls that run get time to end; then it stops anyway.
 *
 * Run it: npm run example -- graceful-shutdown
 * You see:
 *
 *     the server begins to stop
 *     a new caller: UNAVAILABLE
 *     the call that ran: Newark
 *     the server has stopped
 */
import { once } from "node:events";
import { codeName, createClient, createServer, RpcError } from "@routeguide/grpc";
import { dial, listen } from "@routeguide/grpc/node";
import { RouteGuide } from "routeguide";

const events = new EventTarget();
const server = createServer().service(RouteGuide, {
  async getFeature() {
    events.dispatchEvent(new Event("begun"));
    await once(events, "finish");
    return { name: "Newark" };
  },
});
const listening = await listen(server, { port: 0 });
const transport = dial(`http://${listening.address}`);
const client = createClient(RouteGuide, transport);

const begun = once(events, "begun");
const running = client.getFeature({});
await begun;

// In a program this is process.once("SIGTERM", stop). Calls get ten seconds.
console.log("the server begins to stop");
const stopped = listening.close(10_000);

await using late = dial(`http://${listening.address}`);
const call = createClient(RouteGuide, late).getFeature({});
const refused = RpcError.from(await call.catch((reason: unknown) => reason));
console.log(`a new caller: ${codeName(refused.code)}`);

events.dispatchEvent(new Event("finish"));
console.log(`the call that ran: ${(await running).name}`);
await stopped;
console.log("the server has stopped");
await transport[Symbol.asyncDispose]();
