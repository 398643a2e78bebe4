/**
 * Load balancing: one client, three servers, calls by turns; and one of the servers goes away.
 *
 * Run it: npm run example -- load-balancing
 * You see:
 *
 *     three servers: a 20, b 20, c 20
 *     b has gone: a 30, c 30
 */
import { createClient, createServer } from "@routeguide/grpc";
import { dial, listen } from "@routeguide/grpc/node";
import { RouteGuide } from "routeguide";

const CALLS = 60;
const names = ["a", "b", "c"];
const servers = await Promise.all(
  names.map((name) => listen(createServer().service(RouteGuide, { getFeature: () => ({ name }) }), { port: 0 })),
);
const targets = servers.map(({ address }) => `http://${address}` as const);
// Over several addresses of one DNS name it is the same: dial("http://name:port", { balance: "round_robin" }).
await using transport = dial(targets, { balance: "round_robin" });
const client = createClient(RouteGuide, transport);

/** Who answered how many of the calls, in words. */
async function share(): Promise<string> {
  const answered = new Map<string, number>();
  for (let i = 0; i < CALLS; i++) {
    const { name } = await client.getFeature({}, { waitForReady: true });
    answered.set(name, (answered.get(name) ?? 0) + 1);
  }
  return [...answered]
    .sort()
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");
}

// The first call waits for a connection; once all three stand, they take turns.
while ((await share()).split(", ").length < names.length);
console.log(`three servers: ${await share()}`);

await servers[1]?.close();
console.log(`b has gone: ${await share()}`);

for (const server of servers) await server.close();
