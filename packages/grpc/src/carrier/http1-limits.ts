/**
 * What a peer over HTTP/1.1 can run into: figure, unit, where the figure comes from, what happens past it. Heads, connections and
 * stalls have the limits of HTTP/2 with the same names: `maxHeaderListBytes` and `maxHeaderFields` (431), `maxConnections`,
 * `stallMs`, `lingerMs`, `drainGraceMs`.
 */
export interface Http1Limits {
  /** Milliseconds that the head of a request may take. Apache 20 s, nginx 60 s. Close. */
  readonly headMs: number;
  /** Milliseconds between two requests. nginx 75 s, node 5 s, which load balancers outlive. Close. */
  readonly keepAliveMs: number;
  /** Requests of a connection that run at a time: those that were sent before the answers came. Close. */
  readonly maxPipelined: number;
}

const SECOND = 1000;

export const http1Limits: Http1Limits = Object.freeze({
  headMs: 10 * SECOND,
  keepAliveMs: 75 * SECOND,
  maxPipelined: 32,
});
