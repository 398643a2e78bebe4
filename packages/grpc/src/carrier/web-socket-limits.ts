/** Every limit of WebSockets: figure, unit, where the figure is from, and what happens past it. */
export interface WebSocketLimits {
  /** WebSockets of a listener at a time. A tenth of its connections. The upgrade is answered with 503. */
  readonly maxSockets: number;
  /** Calls at a time on a socket, and closed ones whose handler has not settled. nghttpx 100. RESET(REFUSED_STREAM). */
  readonly maxCalls: number;
  /** Bytes of a call's body that are received and not consumed; at least 65,536, which the protocol gives. Close (1002). */
  readonly windowBytes: number;
  /** Bytes of a WebSocket message of grpc-websockets, checked as declared. Clients send an envelope in each. Close (1009). */
  readonly maxMessageBytes: number;
  /** Bytes of WebSocket messages that have come in part, of all sockets, 128 KiB of each not counted. Close (1013). */
  readonly maxHeldBytes: number;
  /** Bytes of a call's body that wait to be sent: past it write() says false. grpc-go 64 KiB. */
  readonly callBufferBytes: number;
  /** Bytes that wait in the socket: past it calls wait. */
  readonly socketBufferBytes: number;
  /** Bytes of frames other than bodies that wait for the socket. Close (1008). */
  readonly maxControlBytes: number;
  /** RESET frames at once. nghttp2 1000. Close (1008). */
  readonly resets: number;
  /** RESET frames a second in the long run. nghttp2 33. Close (1008). */
  readonly resetsPerSecond: number;
  /** Pings at once. Close (1008). */
  readonly pings: number;
  /** Pings a second in the long run. Close (1008). */
  readonly pingsPerSecond: number;
  /** Bytes of a list of fields, each with 32 more. As over HTTP/2. RESET(ENHANCE_YOUR_CALM). */
  readonly maxHeaderListBytes: number;
  /** Fields of such a list. node 128. RESET(ENHANCE_YOUR_CALM). */
  readonly maxHeaderFields: number;
  /** Milliseconds until a socket of grpc-websockets has named its call, as for a head of HTTP/1.1. Close (1008). */
  readonly headMs: number;
  /** Milliseconds without a byte received before we send a ping. 0: never. */
  readonly keepaliveMs: number;
  /** Milliseconds to its answer. grpc-go 20 s. The socket is cut. */
  readonly keepaliveTimeoutMs: number;
  /** Milliseconds without a call: DRAIN. 0: never. */
  readonly idleMs: number;
  /** Milliseconds in which a peer takes nothing of a call while something waits. grpc-go 20 s. RESET(ENHANCE_YOUR_CALM). */
  readonly stallMs: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;
const SECOND = 1000;
const MINUTE = 60 * SECOND;

export const webSocketLimits: WebSocketLimits = Object.freeze({
  maxSockets: 1000,
  maxCalls: 100,
  windowBytes: 256 * KIB,
  maxMessageBytes: 4 * MIB + 6,
  maxHeldBytes: 64 * MIB,
  callBufferBytes: 64 * KIB,
  socketBufferBytes: 256 * KIB,
  maxControlBytes: MIB,
  resets: 1000,
  resetsPerSecond: 100,
  pings: 20,
  pingsPerSecond: 1,
  maxHeaderListBytes: 16 * KIB,
  maxHeaderFields: 128,
  headMs: 10 * SECOND,
  keepaliveMs: MINUTE,
  keepaliveTimeoutMs: 20 * SECOND,
  idleMs: 10 * MINUTE,
  stallMs: 20 * SECOND,
});
