import type { Target } from "../config/address.js";
import type { Config } from "../config.js";
import { startServer } from "../server.js";

export interface DemoServer extends AsyncDisposable {
  readonly target: Target;
  readonly placeCount: number;
}

/** A server in this process, on a free port, whose notes are gone with it. */
export async function startDemoServer(config: Config): Promise<DemoServer> {
  const server = await startServer({
    ...config,
    listen: { host: "127.0.0.1", port: 0 },
    uds: undefined,
    admin: undefined,
    notes: "memory",
    // What is tried out is for nobody else to hear.
    nats: [],
  });
  return {
    target: server.target,
    placeCount: server.placeCount,
    [Symbol.asyncDispose]: () => server.stop(0, 0),
  };
}
