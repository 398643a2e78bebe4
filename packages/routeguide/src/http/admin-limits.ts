/** What whoever reaches the admin port can run into: figure, where it comes from, what happens past it. */
export interface AdminLimits {
  /** Connections at a time: a probe and a scraper need one each. Close. */
  readonly maxConnections: number;
  /** Milliseconds that a request may take to come, and that a connection may wait for its next. 408, close. */
  readonly requestMs: number;
  /** Bytes of a body: the name of a level. 400. */
  readonly maxBodyBytes: number;
}

export const adminLimits: AdminLimits = Object.freeze({
  maxConnections: 100,
  requestMs: 5_000,
  maxBodyBytes: 64,
});
