/** What runs in browsers, and wherever else there is a fetch or a WebSocket. */
export type { FetchFunction, FetchRequest, FetchResponse } from "./carrier/fetch-exchange.js";
export { type FetchTransportOptions, fetchTransport } from "./carrier/fetch-transport.js";
export {
  type PlatformWebSocket,
  type PlatformWebSocketConstructor,
  type WebSocketTransportOptions,
  webSocketTransport,
} from "./carrier/web-socket-transport.js";
