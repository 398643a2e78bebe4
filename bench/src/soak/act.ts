import type { Client, Transport } from "@routeguide/grpc";
import { RpcError } from "@routeguide/grpc";
import type { RouteGuide } from "routeguide";
import type { World } from "./world.js";

/** The server under test, on 127.0.0.1. */
export interface Host {
  readonly port: number;
  readonly engine: "own" | "node";
}

/** One of the soak's connections, and what its acts need. */
export interface Visit {
  readonly host: Host;
  readonly world: World;
  /** In [0, 1), from the connection's own seed. */
  readonly random: () => number;
  readonly transport: Transport;
  readonly client: Client<typeof RouteGuide>;
  /** A longitude at the visitor's own latitude, where nobody has left a note yet. */
  freshPoint(): { readonly latitude: number; readonly longitude: number };
}

/** Something that a connection does. It throws if the server does not do what is right. */
export interface Act {
  readonly name: string;
  /** How often it is chosen, against the others. */
  readonly weight: number;
  /** The connection is gone afterwards: the next act needs a new one. */
  readonly disconnects?: boolean;
  run(visit: Visit): Promise<void>;
}

export function wrong(what: string): never {
  throw new Error(what);
}

/** Waits for a call to fail with one of these codes. */
export async function failsWith(codes: readonly number[], call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (error instanceof RpcError && codes.includes(error.code)) return;
    throw error;
  }
  wrong("the call ended well, but should not have");
}

/** A whole number from least to most. */
export function between(random: () => number, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}
