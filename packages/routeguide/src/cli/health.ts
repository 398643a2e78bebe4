import { createClient, RpcError } from "@routeguide/grpc";
import { Health, ServingStatus } from "@routeguide/grpc/health";
import { transportTo } from "../client.js";
import type { Config } from "../config.js";
import { callOptions } from "./calls.js";
import { Failure } from "./failure.js";
import type { Io } from "./io.js";

/** How long a probe waits if no time was set: one that hangs is no probe. */
const PATIENCE_SECONDS = 5;

/**
 * Asks a server whether it serves, for containers' probes: anything but SERVING is a failure with exit code 1, whatever went wrong,
 * since Docker reserves other codes.
 *
 * @param service its full name; "" is the server as a whole
 */
export async function health(io: Io, config: Config, service: string): Promise<void> {
  const { address, timeoutSeconds } = config;
  await using transport = transportTo(address, config);
  const client = createClient(Health, transport);
  const options = callOptions(io, { ...config, timeoutSeconds: timeoutSeconds || PATIENCE_SECONDS });
  const { status } = await client.check({ service }, options).catch((error: unknown) => {
    throw error instanceof RpcError && !io.interrupt.aborted ? new Failure(error.message, { cause: error }) : error;
  });
  if (status !== ServingStatus.SERVING) throw new Failure(`${address} says ${ServingStatus[status]}`);
  await io.stdout.write("SERVING\n");
}
