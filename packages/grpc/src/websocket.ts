/** WebSockets for `listen()`. It needs the package ws. */
export { type WebSocketOptions, webSocket } from "./carrier/node-web-socket.js";
export type { WebSocketLimits } from "./carrier/web-socket-limits.js";
