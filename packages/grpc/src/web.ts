/** What runs in browsers. */
export {
  type PlatformWebSocket,
  type PlatformWebSocketConstructor,
  type WebSocketTransportOptions,
  webSocketTransport,
} from "./carrier/web-socket-transport.js";
