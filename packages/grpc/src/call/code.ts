/** How a call ended, other than well. Source: gRPC's statuscodes.md; the numbers are the protocol's. */
export enum Code {
  /** The caller cancelled the call. */
  Canceled = 1,
  /** Something failed that has no code, such as an exception in a handler. */
  Unknown = 2,
  /** The request is wrong whatever the state of the system. */
  InvalidArgument = 3,
  DeadlineExceeded = 4,
  NotFound = 5,
  AlreadyExists = 6,
  PermissionDenied = 7,
  /** A limit was reached. */
  ResourceExhausted = 8,
  /** The system is not in the state that the request needs. */
  FailedPrecondition = 9,
  Aborted = 10,
  /** Past the end of a range that may grow. */
  OutOfRange = 11,
  /** The server does not have this method, or not this form of it. */
  Unimplemented = 12,
  /** An invariant is broken, or the peer breaks the protocol. */
  Internal = 13,
  /** Nobody answers now: the call may be tried again. */
  Unavailable = 14,
  DataLoss = 15,
  Unauthenticated = 16,
}

const NAMES: readonly string[] = [
  "OK",
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNAUTHENTICATED",
];

/** The protocol's name of a code: INVALID_ARGUMENT. 0 is OK. */
export function codeName(code: number): string {
  return NAMES[code] ?? `CODE_${code}`;
}

/** Whether a number is one of the protocol's codes, OK left out. */
export function isCode(value: unknown): value is Code {
  return (
    typeof value === "number" && Number.isInteger(value) && value >= Code.Canceled && value <= Code.Unauthenticated
  );
}
