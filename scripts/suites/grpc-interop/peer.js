// What grpc-interop asks of somebody else's interop programs.

/**
 * A certificate for this run, as files, and the name that it is good for.
 *
 * @typedef {{ ca: string, cert: string, key: string, name: string }} Identity
 */

/** @typedef {{ command: string, args: readonly string[] }} Program */

/**
 * @typedef {object} Peer
 * @property {string} name
 * @property {readonly string[]} clientCases what its client calls
 * @property {readonly string[]} serverCases what its server answers
 * @property {Identity} identity what servers show, its own and ours
 * @property {(name: string, port: string, isSecure: boolean) => Program} client makes one case's calls to 127.0.0.1
 * @property {(port: number, isSecure: boolean) => Program} server
 */

/** What all of them know. */
export const CASES = [
  ...["empty_unary", "large_unary", "client_streaming", "server_streaming", "ping_pong", "empty_stream"],
  ...["timeout_on_sleeping_server", "cancel_after_begin", "cancel_after_first_response"],
  ...["status_code_and_message", "special_status_message", "custom_metadata"],
  ...["unimplemented_method", "unimplemented_service", "rpc_soak"],
];

/** What both clients take for rpc_soak: a busy machine is no failure. */
export const SOAK = ["--soak_per_iteration_max_acceptable_latency_ms=30000", "--soak_overall_timeout_seconds=60"];
