import { isLoopback } from "../http/loopback.js";
import { type Config, flagOf } from "./settings.js";

/** Settings that mean nothing without another one. */
const NEEDED: { readonly [K in keyof Config]?: keyof Config } = {
  tlsCert: "tlsKey",
  tlsKey: "tlsCert",
  tlsClientCa: "tlsCert",
  cert: "key",
  key: "cert",
};
/** Those that mean nothing without servers of NATS. */
const OF_NATS = ["natsCreds", "natsCa"] as const;

/**
 * What is wrong with settings that are right one by one, in a line for whoever made them; undefined: nothing.
 *
 * @param given those that somebody made: the others are defaults
 */
export function disagreement(config: Config, given: ReadonlySet<keyof Config>): string | undefined {
  for (const [name, needed] of Object.entries(NEEDED) as [keyof Config, keyof Config][]) {
    if (config[name] !== undefined && config[needed] === undefined) {
      return `${flagOf(name)} is given and ${flagOf(needed)} is not: set both, or none`;
    }
  }
  if (config.nats.length > 0 && given.has("notes") && config.notes !== "memory") {
    return `${flagOf("nats")} and ${flagOf("notes")} are given: notes are kept in NATS then, leave ${flagOf("notes")} out`;
  }
  const lost = OF_NATS.find((name) => config.nats.length === 0 && config[name] !== undefined);
  if (lost !== undefined) return `${flagOf(lost)} is given and ${flagOf("nats")} is not: it means nothing alone`;
  const { admin, adminPublic } = config;
  if (admin === undefined || "path" in admin || adminPublic) return undefined;
  if (admin.host !== undefined && isLoopback(admin.host)) return undefined;
  return `${flagOf("admin")} could be reached from other machines: make it 127.0.0.1:${admin.port}, or add ${flagOf("adminPublic")}`;
}
