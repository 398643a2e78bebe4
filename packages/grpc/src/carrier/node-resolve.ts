import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { hostPort } from "./node-peer.js";
import type { Target } from "./node-target.js";

/**
 * The targets with a host's name replaced by each of its addresses. What cannot be looked up now stays as it is: connecting to it
 * then says why.
 */
export async function resolveTargets(targets: readonly Target[]): Promise<Target[]> {
  const resolved = await Promise.all(targets.map(addressesOf));
  return resolved.flat();
}

async function addressesOf(target: Target): Promise<Target[]> {
  if ("path" in target.at || isIP(target.at.host) !== 0) return [target];
  const { host, port } = target.at;
  try {
    const found = await lookup(host, { all: true });
    return found.map(({ address }) => ({
      ...target,
      at: { host: address, port },
      name: `${hostPort(address, port)} (${host})`,
      serverName: host,
    }));
  } catch {
    return [target];
  }
}
