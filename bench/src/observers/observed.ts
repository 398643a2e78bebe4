/** What is measured, in the order of the report: the first is what the others are compared with. */
export const OBSERVED = [
  "none",
  "an empty one",
  "prometheus",
  "opentelemetry, without an SDK",
  "access log",
  "slow calls",
] as const;

export type Observed = (typeof OBSERVED)[number];
