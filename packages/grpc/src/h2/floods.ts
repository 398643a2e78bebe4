import type { Limits } from "./limits.js";
import { TokenBucket } from "./token-bucket.js";
import { Violation } from "./violation.js";

const SETTINGS_SECONDS = 10;
/** PINGs that may come too soon: grpc-go's. */
const PING_STRIKES = 2;

/** Counts what costs the peer nothing and us something. Each answers with a violation when it is too much. */
export class Floods {
  readonly #limits: Limits;
  readonly #peerResets: TokenBucket;
  readonly #ownResets: TokenBucket;
  readonly #settings: TokenBucket;
  #emptyData = 0;
  #lastPingAt = Number.NEGATIVE_INFINITY;
  #pingStrikes = 0;

  constructor(limits: Limits, now: number) {
    this.#limits = limits;
    this.#peerResets = new TokenBucket(limits.peerResets, limits.peerResetsPerSecond, now);
    this.#ownResets = new TokenBucket(limits.ownResets, limits.ownResetsPerSecond, now);
    this.#settings = new TokenBucket(limits.settingsFrames, limits.settingsFrames / SETTINGS_SECONDS, now);
  }

  /** RST_STREAM, for whatever stream (CVE-2023-44487). */
  peerReset(now: number): Violation | undefined {
    return this.#peerResets.take(now) ? undefined : Violation.PeerResets;
  }

  /** A stream that the peer made us reset (CVE-2025-8671). */
  ownReset(now: number): Violation | undefined {
    return this.#ownResets.take(now) ? undefined : Violation.OwnResets;
  }

  settings(now: number): Violation | undefined {
    return this.#settings.take(now) ? undefined : Violation.SettingsFlood;
  }

  /** @param isForgiven we have sent HEADERS or DATA since the last PING: peers measure bandwidth with them */
  ping(now: number, isIdle: boolean, isForgiven: boolean): Violation | undefined {
    const interval = isIdle ? this.#limits.idlePingIntervalMs : this.#limits.pingIntervalMs;
    if (isForgiven) this.#pingStrikes = 0;
    else if (now - this.#lastPingAt < interval) this.#pingStrikes++;
    this.#lastPingAt = now;
    return this.#pingStrikes > PING_STRIKES ? Violation.PingFlood : undefined;
  }

  /** A DATA frame without END_STREAM. */
  data(bytes: number): Violation | undefined {
    if (bytes === 0) this.#emptyData++;
    else if (this.#emptyData > 0) this.#emptyData--;
    return this.#emptyData > this.#limits.maxEmptyData ? Violation.EmptyData : undefined;
  }
}
