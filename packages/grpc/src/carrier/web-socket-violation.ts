/** What a peer can do wrong on a WebSocket: the same name as the reason of the close, in logs and in tests. */
export type SocketViolation =
  | "frame_size"
  | "frame_call"
  | "text_message"
  | "call_number"
  | "idle_call"
  | "header_list"
  | "malformed_fields"
  | "malformed_head"
  | "credit_exceeded"
  | "credit_overflow"
  | "empty_data"
  | "too_many_resets"
  | "too_many_pings"
  | "control_queue"
  | "held_bytes"
  | "head_timeout";

/** Codes of RFC 6455, section 7.4.1. */
export const CloseCode = {
  Normal: 1000,
  GoingAway: 1001,
  Protocol: 1002,
  Unsupported: 1003,
  Policy: 1008,
  InternalError: 1011,
  /** Not of the RFC, but in IANA's registry. */
  TryAgainLater: 1013,
} as const;

/** The code with which a socket is closed because of it. */
export function closeCodeOf(violation: SocketViolation): number {
  switch (violation) {
    case "text_message":
      return CloseCode.Unsupported;
    case "held_bytes":
      return CloseCode.TryAgainLater;
    case "too_many_resets":
    case "too_many_pings":
    case "control_queue":
    case "head_timeout":
    case "header_list":
      return CloseCode.Policy;
    default:
      return CloseCode.Protocol;
  }
}
