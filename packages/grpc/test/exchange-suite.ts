/** What every carrier promises, as tests. A new carrier's test file opens a connection and calls this. */
import { bodies } from "./exchange/bodies.js";
import { connections } from "./exchange/connections.js";
import { endings } from "./exchange/endings.js";
import type { Open } from "./exchange/harness.js";
import { heads } from "./exchange/heads.js";

export type { Open, Opened, OpenOptions } from "./exchange/harness.js";

/** @param name of the carrier, in front of each test's name */
export function exchangeSuite(name: string, open: Open): void {
  heads(name, open);
  bodies(name, open);
  endings(name, open);
  connections(name, open);
}
