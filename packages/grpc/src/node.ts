/** What runs on Node: servers on ports, clients over sockets, compression. */
export type { BackoffOptions } from "./carrier/backoff.js";
export type { ClientTls } from "./carrier/node-connect.js";
export { type DialOptions, dial } from "./carrier/node-dial.js";
export { type Listening, type ListenOptions, listen } from "./carrier/node-listen.js";
export type { ListenAt } from "./carrier/node-listener.js";
export type { DialTarget } from "./carrier/node-target.js";
export type { ServerTls, TlsFiles, TlsMaterial } from "./carrier/node-tls.js";
export { compressions, deflate, gzip, zstd } from "./envelope/node-zlib.js";
export type { Limits } from "./h2/limits.js";
