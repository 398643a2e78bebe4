/** How this runtime calls itself. Source: PROTOCOL-HTTP2.md, "User Agents". */
export const USER_AGENT = "grpc-typescript-routeguide/0.1.0";
