/**
 * Health: what load balancers and Kubernetes ask a server. One service can be out of order while others serve.
 *
 * Run it: npm run example -- health
 * You see:
 *
 *     the server: SERVING
 *     RouteGuide: SERVING
 *     whoever watches hears: SERVING
 *     whoever watches hears: NOT_SERVING
 *     a service that is not there: NOT_FOUND
 */
import { codeName, createClient, createServer, RpcError } from "@routeguide/grpc";
import { createHealth, Health, ServingStatus } from "@routeguide/grpc/health";
import { dial, listen } from "@routeguide/grpc/node";
import { RouteGuide } from "routeguide";

const { reporter, handlers } = createHealth();
const server = createServer().service(RouteGuide, {}).service(Health, handlers);
reporter.set(RouteGuide, true);

await using listening = await listen(server, { port: 0 });
await using transport = dial(`http://${listening.address}`);
const client = createClient(Health, transport);

const service = RouteGuide.typeName;
console.log(`the server: ${ServingStatus[(await client.check({})).status]}`);
console.log(`RouteGuide: ${ServingStatus[(await client.check({ service })).status]}`);

for await (const { status } of client.watch({ service })) {
  console.log(`whoever watches hears: ${ServingStatus[status]}`);
  if (status === ServingStatus.NOT_SERVING) break;
  // The database has gone, say. At shutdown, reporter.stop() says so for all services.
  reporter.set(RouteGuide, false);
}

const unknown = await client.check({ service: "nobody.Here" }).catch((reason: unknown) => RpcError.from(reason));
if (unknown instanceof RpcError) console.log(`a service that is not there: ${codeName(unknown.code)}`);
