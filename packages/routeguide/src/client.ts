import { type Client, createClient } from "@routeguide/grpc";
import { deflate, dial, gzip } from "@routeguide/grpc/node";
import type { Target } from "./config/address.js";
import { RouteGuide } from "./contract/gen/routeguide/route_guide_pb.js";

export type RouteGuideClient = Client<typeof RouteGuide>;

/** A client, and its connection until it is disposed of. */
export interface Guide extends AsyncDisposable {
  readonly client: RouteGuideClient;
}

export interface ConnectOptions {
  /** The longest message to receive, in bytes. Default 4 MiB. */
  readonly maxMessageBytes?: number;
  /** Who speaks HTTP/2: the engine of @routeguide/grpc, or Node's. Default own. */
  readonly engine?: "own" | "node";
}

/**
 * A client of a RouteGuide server, ours or any other. It connects with its first call.
 *
 * @param target `http://HOST:PORT`, `https://HOST:PORT` or `unix:PATH`
 */
export function connect(target: Target, { maxMessageBytes, engine = "own" }: ConnectOptions = {}): Guide {
  const transport = dial(target, { engine });
  return {
    client: createClient(RouteGuide, transport, {
      compressions: [gzip, deflate],
      ...(maxMessageBytes !== undefined && { readMaxBytes: maxMessageBytes }),
    }),
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  };
}
