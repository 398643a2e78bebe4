/** What every carrier promises, as tests. A new carrier's test file opens a connection and calls this. */
import { test } from "node:test";
import { bodies } from "./exchange/bodies.js";
import { connections } from "./exchange/connections.js";
import { endings } from "./exchange/endings.js";
import type { Open, Promised, Skips } from "./exchange/harness.js";
import { heads } from "./exchange/heads.js";

export type { Open, Opened, OpenOptions, Skips } from "./exchange/harness.js";

/**
 * @param name of the carrier, in front of each test's name
 * @param skips what the carrier cannot do: a part of the titles of the tests that are left out, and the reason
 */
export function exchangeSuite(name: string, open: Open, skips: Skips = {}): void {
  const promise: Promised = (title, options, run) => {
    const reason = Object.entries(skips).find(([part]) => title.includes(part))?.[1];
    test(`${name}: ${title}`, { ...options, ...(reason !== undefined && { skip: reason }) }, run);
  };
  for (const part of [heads, bodies, endings, connections]) part(promise, open);
}
