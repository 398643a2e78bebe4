/** The contract of RouteGuide, a client and a server of it, for Node. */
export { type ConnectOptions, connect, type Guide, type RouteGuideClient } from "./client.js";
export { type Config, ConfigError, type Flags, loadConfig } from "./config.js";
export * from "./contract.js";
export { type Log, type RunningServer, type StartOptions, startServer } from "./server.js";
export { StartError } from "./start-error.js";
