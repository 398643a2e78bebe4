import type { AdminPort } from "./http/admin-port.js";
import type { Log } from "./service/log.js";
import type { NatsState } from "./stores/jetstream-notes.js";

const WHY = {
  away: "NATS is away",
  leaderless: "NATS has no leader for the stream of notes, too few of its servers are there",
} as const;

/**
 * What probes are told: that the server is ready while it takes calls, and NATS takes notes if they are kept in it. What needs no
 * notes is answered without it, too. The log has a line when NATS takes none any more, and when it does again.
 */
export class Readiness {
  readonly #log: Log;
  readonly #admin: AdminPort | undefined;
  #takesCalls = false;
  #canKeepNotes = true;

  constructor(log: Log, admin: AdminPort | undefined) {
    this.#log = log;
    this.#admin = admin;
  }

  takesCalls(isSo: boolean): void {
    this.#takesCalls = isSo;
    this.#tell();
  }

  readonly onNats = (state: NatsState): void => {
    this.#canKeepNotes = typeof state === "object";
    if (typeof state === "object") this.#log.info(state, "NATS is back");
    else this.#log.warn({}, `${WHY[state]}: notes wait, everything else goes on`);
    this.#tell();
  };

  #tell(): void {
    if (this.#admin !== undefined) this.#admin.isReady = this.#takesCalls && this.#canKeepNotes;
  }
}
