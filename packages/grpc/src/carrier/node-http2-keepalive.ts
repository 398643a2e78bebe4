import type { Http2Session } from "node:http2";

export interface KeepaliveLimits {
  /** Milliseconds without a byte received before a PING is sent. 0: never. */
  readonly keepaliveMs: number;
  /** Milliseconds for its answer; then the connection is cut. */
  readonly keepaliveTimeoutMs: number;
  /** Milliseconds without an exchange before the connection is drained. 0: never. */
  readonly idleMs: number;
}

/** What watching a session needs to know of it. */
export interface Watched {
  readonly session: Http2Session;
  readonly bytesRead: () => number;
  readonly isBusy: () => boolean;
  readonly drain: () => void;
}

/**
 * Finds out whether the peer of a node:http2 session is still there, and ends the session when nobody uses it.
 *
 * @returns stops watching
 */
export function watch(watched: Watched, limits: KeepaliveLimits): () => void {
  const { keepaliveMs, idleMs } = limits;
  const stops: (() => void)[] = [];
  if (keepaliveMs > 0) stops.push(keepAlive(watched, limits));
  if (idleMs > 0) stops.push(endIdle(watched, idleMs));
  return () => {
    for (const stop of stops) stop();
  };
}

function keepAlive({ session, bytesRead }: Watched, { keepaliveMs, keepaliveTimeoutMs }: KeepaliveLimits): () => void {
  let seen = bytesRead();
  let timeout: NodeJS.Timeout | undefined;
  const timer = setInterval(() => {
    const read = bytesRead();
    const isSilent = read === seen;
    seen = read;
    if (!isSilent || timeout !== undefined || session.destroyed) return;
    timeout = setTimeout(() => session.destroy(new Error("no answer to a PING")), keepaliveTimeoutMs).unref();
    session.ping(() => {
      clearTimeout(timeout);
      timeout = undefined;
    });
  }, keepaliveMs).unref();
  return () => {
    clearInterval(timer);
    clearTimeout(timeout);
  };
}

function endIdle({ isBusy, drain }: Watched, idleMs: number): () => void {
  let wasIdle = false;
  // Twice seen idle with a whole interval between.
  const timer = setInterval(() => {
    if (wasIdle && !isBusy()) drain();
    wasIdle = !isBusy();
  }, idleMs / 2).unref();
  return () => clearInterval(timer);
}
