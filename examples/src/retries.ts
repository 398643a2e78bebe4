/**
 * Retries: a service config says which failures are worth another attempt, how long to wait, and when to stop trying.
 *
 * Run it: npm run example -- retries
 * You see:
 *
 *     the server refused twice, then answered: Newark, attempt 3
 *     without the config: UNAVAILABLE
 *     a code that is not listed is not tried again: INVALID_ARGUMENT after 1 attempt
 *     while most calls fail, nobody tries again: UNAVAILABLE after 1 attempt
 */
import { Code, codeName, createClient, createServer, RpcError, serviceConfig } from "@routeguide/grpc";
import { dial, listen } from "@routeguide/grpc/node";
import { RouteGuide } from "routeguide";

let attempts = 0;
/** Fails with `code` until the given attempt, as a server that restarts does. */
let trouble: { code: Code; until: number } = { code: Code.Unavailable, until: 3 };

const server = createServer().service(RouteGuide, {
  getFeature(_point, call) {
    attempts++;
    if (attempts < trouble.until) throw new RpcError(trouble.code, "the server is starting");
    // Clients say how often they have tried before.
    return { name: `Newark, attempt ${Number(call.header("grpc-previous-rpc-attempts") ?? 0) + 1}` };
  },
});

const config = serviceConfig({
  methodConfig: [
    {
      name: [{ service: RouteGuide.typeName }],
      retryPolicy: {
        maxAttempts: 4,
        initialBackoff: "0.01s",
        maxBackoff: "0.1s",
        backoffMultiplier: 2,
        retryableStatusCodes: ["UNAVAILABLE"],
      },
    },
  ],
  // Each failure costs a token, each success brings a tenth back; under half of the tokens, nothing is tried again.
  retryThrottling: { maxTokens: 10, tokenRatio: 0.1 },
});

await using listening = await listen(server, { port: 0 });
await using transport = dial(`http://${listening.address}`);
const patient = createClient(RouteGuide, transport, { serviceConfig: config });
const plain = createClient(RouteGuide, transport);

async function outcome(client: typeof plain): Promise<string> {
  attempts = 0;
  try {
    return (await client.getFeature({})).name;
  } catch (reason) {
    return codeName(RpcError.from(reason).code);
  }
}

console.log(`the server refused twice, then answered: ${await outcome(patient)}`);
console.log(`without the config: ${await outcome(plain)}`);

trouble = { code: Code.InvalidArgument, until: 2 };
const refused = await outcome(patient);
console.log(`a code that is not listed is not tried again: ${refused} after ${attempts} attempt`);

trouble = { code: Code.Unavailable, until: Number.POSITIVE_INFINITY };
await outcome(patient);
const throttled = await outcome(patient);
console.log(`while most calls fail, nobody tries again: ${throttled} after ${attempts} attempt`);
