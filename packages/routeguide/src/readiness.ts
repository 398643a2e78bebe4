import type { AdminPort } from "./http/admin-port.js";
import type { Log } from "./service/log.js";

/**
 * What probes are told: that the server is ready while it takes calls, and NATS is there if notes are kept in it. What needs no
 * notes is answered without it, too. The log has a line when NATS goes and when it is back.
 */
export class Readiness {
  readonly #log: Log;
  readonly #admin: AdminPort | undefined;
  #takesCalls = false;
  #hasNats = true;

  constructor(log: Log, admin: AdminPort | undefined) {
    this.#log = log;
    this.#admin = admin;
  }

  takesCalls(isSo: boolean): void {
    this.#takesCalls = isSo;
    this.#tell();
  }

  /** @param server the one that is connected; undefined: none is */
  readonly onNats = (server: string | undefined): void => {
    this.#hasNats = server !== undefined;
    if (this.#hasNats) this.#log.info({ server }, "NATS is back");
    else this.#log.warn({}, "NATS is away: notes wait, everything else goes on");
    this.#tell();
  };

  #tell(): void {
    if (this.#admin !== undefined) this.#admin.isReady = this.#takesCalls && this.#hasNats;
  }
}
