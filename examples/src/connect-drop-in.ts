/**
 * Drop-in for Connect: an implementation that was written for Connect's router, with its types and its errors, runs unchanged.
 *
 * Run it: npm run example -- connect-drop-in
 * You see:
 *
 *     Mount Kisco, seen by Connect's handler as grpc
 *     its ConnectError arrives: NOT_FOUND, no place there
 */
import { Code, ConnectError, type ServiceImpl } from "@connectrpc/connect";
import { codeName, createClient, createServer, RpcError } from "@routeguide/grpc";
import { dial, listen } from "@routeguide/grpc/node";
import { RouteGuide } from "routeguide";
import { MOUNT_KISCO, placeAt } from "./shared/places.js";

/** Everything that this file says of the service is Connect's. */
const written: Partial<ServiceImpl<typeof RouteGuide>> = {
  async getFeature(point, context) {
    const { name, location } = placeAt(point.latitude, point.longitude);
    if (name === "") throw new ConnectError("no place there", Code.NotFound);
    return { name: `${name}, seen by Connect's handler as ${context.protocolName}`, location };
  },
};

await using listening = await listen(createServer().service(RouteGuide, written), { port: 0 });
await using transport = dial(`http://${listening.address}`);
const client = createClient(RouteGuide, transport);

console.log((await client.getFeature(MOUNT_KISCO)).name);
const error = RpcError.from(await client.getFeature({}).catch((reason: unknown) => reason));
console.log(`its ConnectError arrives: ${codeName(error.code)}, ${error.rawMessage}`);
