/** What callers of the health service can run into: figure, where it comes from, what happens past it. */
export interface HealthLimits {
  /** Calls of Watch at a time. RESOURCE_EXHAUSTED. */
  readonly maxWatchers: number;
  /** Characters of a service's name that is watched: unknown names are kept for as long. INVALID_ARGUMENT. */
  readonly maxNameLength: number;
  /** Services that List tells of. health.proto 100. RESOURCE_EXHAUSTED. */
  readonly maxListed: number;
}

export const healthLimits: HealthLimits = Object.freeze({
  maxWatchers: 1000,
  maxNameLength: 1024,
  maxListed: 100,
});
