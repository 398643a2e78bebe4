import { readFileSync } from "node:fs";
import { type Client, createClient, type Transport } from "@routeguide/grpc";
import { deflate, dial, gzip } from "@routeguide/grpc/node";
import type { Target } from "./config/address.js";
import { RouteGuide } from "./contract/gen/routeguide/route_guide_pb.js";
import { reasonOf } from "./node-reason.js";
import { StartError } from "./start-error.js";

/** The four calls. */
export type RouteGuideClient = Client<typeof RouteGuide>;

/** A client, and its connection until it is disposed of. */
export interface Guide extends AsyncDisposable {
  readonly client: RouteGuideClient;
}

/** How a client connects and what it speaks. */
export interface ConnectOptions {
  /** The longest message to receive, in bytes. Default 4 MiB. */
  readonly maxMessageBytes?: number;
  /** Who speaks HTTP/2: the engine of @routeguide/grpc, or Node's. Default own. */
  readonly engine?: "own" | "node";
  /** What calls speak. Default grpc. */
  readonly protocol?: "grpc" | "grpc-web" | "connect";
  /** For https: the PEM file of who signs the server's certificate. Default: those whom Node trusts. */
  readonly ca?: string | undefined;
  /** For https: the PEM files of the certificate to show, and of its key: both, or none. Default: none. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/**
 * A client of a RouteGuide server, ours or any other. It connects with its first call.
 *
 * @param target `http://HOST:PORT`, `https://HOST:PORT` or `unix:PATH`
 * @throws {StartError} if one of the files cannot be read
 */
export function connect(target: Target, options: ConnectOptions = {}): Guide {
  const { maxMessageBytes } = options;
  const transport = transportTo(target, options);
  return {
    client: createClient(RouteGuide, transport, {
      compressions: [gzip, deflate],
      ...(maxMessageBytes !== undefined && { readMaxBytes: maxMessageBytes }),
    }),
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  };
}

/** The transport beneath such a client, for other services of the same server. */
export function transportTo(target: Target, options: ConnectOptions): Transport {
  const { engine = "own", protocol = "grpc", ca, cert, key } = options;
  return dial(target, {
    engine,
    protocol,
    tls: {
      ...(ca !== undefined && { ca: read(ca) }),
      ...(cert !== undefined && { cert: read(cert) }),
      ...(key !== undefined && { key: read(key) }),
    },
  });
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new StartError(`cannot read ${file}: ${reasonOf(error)}`, { cause: error });
  }
}
