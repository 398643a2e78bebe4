import { STATIC_FIELDS } from "./static-table.js";

/** What gRPC and Connect add to the names of the static table. */
const NAMES = [
  ...["te", "grpc-timeout", "grpc-encoding", "grpc-accept-encoding", "grpc-status", "grpc-message"],
  ...["grpc-status-details-bin", "grpc-previous-rpc-attempts", "grpc-retry-pushback-ms", "traceparent", "tracestate"],
  ...["connect-protocol-version", "connect-timeout-ms", "connect-content-encoding", "connect-accept-encoding"],
];

const common = new Map<string, string>();
for (const name of NAMES) common.set(name, name);
for (let i = 0; i < STATIC_FIELDS.length; i += 2) common.set(STATIC_FIELDS[i] as string, STATIC_FIELDS[i] as string);

/**
 * The same name, as the object that the program's own texts are, if it is one of those: then a comparison with them compares
 * addresses, and with others no characters.
 */
export function commonName(name: string): string {
  return common.get(name) ?? name;
}
