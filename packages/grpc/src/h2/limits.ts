/**
 * Every limit that a hostile or broken peer can run into: figure, unit, where the figure comes from, what happens past
 * it, and in brackets the name of its {@link Violation}. CALM is GOAWAY(ENHANCE_YOUR_CALM) with that name as its data.
 */
export interface Limits {
  /**
   * Open streams, and closed ones whose handler has not settled. nghttpx 100, golang 250. REFUSED_STREAM [max_streams].
   */
  readonly maxConcurrentStreams: number;
  /** RST_STREAM frames at once. nghttp2 1000. CALM [peer_resets]. */
  readonly peerResets: number;
  /** RST_STREAM frames a second in the long run. nghttp2 33. CALM [peer_resets]. */
  readonly peerResetsPerSecond: number;
  /** Streams at once that the peer made us reset by breaking the protocol. h2 1024 a lifetime. CALM [own_resets]. */
  readonly ownResets: number;
  /** The same, a second in the long run. CALM [own_resets]. */
  readonly ownResetsPerSecond: number;
  /** CONTINUATION frames a header block. nghttp2 8. CALM [continuation_flood]. */
  readonly maxContinuations: number;
  /**
   * Bytes of a header list, each field with 32 more (RFC 9113, 6.5.2). grpc-go is moving to 8 KiB. 431 or
   * RESOURCE_EXHAUSTED; twice as many: CALM [header_list].
   */
  readonly maxHeaderListBytes: number;
  /** Fields of a header list. node 128. As for its bytes [header_list]. */
  readonly maxHeaderFields: number;
  /** Interim responses (1xx) before a client's response. golang 5, later their bytes. RST_STREAM [interim_responses]. */
  readonly maxInterimResponses: number;
  /** Bytes of the peer's HPACK table that we keep. Everywhere 4096. COMPRESSION_ERROR [compression]. */
  readonly maxTableBytes: number;
  /** Control frames that wait for the socket: past it we stop reading. grpc-go 100. */
  readonly pauseAtControlFrames: number;
  /** Control frames that wait for the socket. nghttp2 1000. CALM [control_queue]. */
  readonly maxControlFrames: number;
  /** Entries of a SETTINGS frame. nghttp2 32. CALM [settings_flood]. */
  readonly maxSettings: number;
  /** SETTINGS frames in 10 seconds. CALM [settings_flood]. */
  readonly settingsFrames: number;
  /**
   * Milliseconds between two PINGs; the third that comes sooner: CALM [too_many_pings]. HEADERS and DATA that we send
   * forgive. grpc-go 5 min. 0: never.
   */
  readonly pingIntervalMs: number;
  /** The same while no stream is open. grpc-go 2 h. */
  readonly idlePingIntervalMs: number;
  /** DATA frames without a byte and without END_STREAM; each one with bytes forgives one. h2 100. CALM [empty_data]. */
  readonly maxEmptyData: number;
  /** Bytes of a frame's payload that we take. Everywhere 16,384. FRAME_SIZE_ERROR [frame_too_large]. */
  readonly maxFrameBytes: number;
  /** Bytes of a frame's payload that we send, if the peer takes as many. */
  readonly maxSentFrameBytes: number;
  /**
   * Bytes of a stream that are received and not consumed; at least 65,535. golang 1 MiB. FLOW_CONTROL_ERROR
   * [window_exceeded].
   */
  readonly streamWindowBytes: number;
  /** The same of all streams; at least 65,535. FLOW_CONTROL_ERROR [window_exceeded]. */
  readonly connectionWindowBytes: number;
  /** Bytes of a stream that wait to be sent: past it write() says false. grpc-go 64 KiB. */
  readonly streamBufferBytes: number;
  /** The same of all streams. */
  readonly connectionBufferBytes: number;
  /** Bytes that wait in all. node 10 MiB. CALM [queued_bytes]. */
  readonly maxQueuedBytes: number;
  /** Bytes that wait in the socket: past it streams wait, control frames do not. */
  readonly socketBufferBytes: number;
  /** Bytes that a connection sends before the others have their turn. */
  readonly turnBytes: number;
  /** Milliseconds until preface and SETTINGS have come. golang 10 s and 2 s. Close [handshake_timeout]. */
  readonly handshakeMs: number;
  /** Milliseconds without a byte received before we send a PING. grpc-go 2 h. 0: never. */
  readonly keepaliveMs: number;
  /** Milliseconds to its answer. grpc-go 20 s. Close [keepalive_timeout]. */
  readonly keepaliveTimeoutMs: number;
  /** Milliseconds without a stream: drain. 0: never. */
  readonly idleMs: number;
  /** Milliseconds that a connection lives, +-10 %: drain. 0: for ever. */
  readonly maxAgeMs: number;
  /** Milliseconds that a drain waits for the PING that tells that the peer has heard of it. grpc-go 5 s. */
  readonly drainPingMs: number;
  /** Milliseconds that a drain leaves to the streams: then they are reset. */
  readonly drainGraceMs: number;
  /**
   * Milliseconds between our last byte and the end of the socket, or else a TCP reset takes the GOAWAY with it. golang
   * 1 s.
   */
  readonly lingerMs: number;
  /**
   * Milliseconds without a byte taken while some wait. grpc-go 20 s (TCP_USER_TIMEOUT). RST_STREAM, or close if it is
   * the socket [stalled_reader].
   */
  readonly stallMs: number;
  /** Connections of a listener. Close. */
  readonly maxConnections: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;
const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** What a server starts from. */
export const serverLimits: Limits = Object.freeze({
  maxConcurrentStreams: 1000,
  peerResets: 1000,
  peerResetsPerSecond: 100,
  ownResets: 200,
  ownResetsPerSecond: 20,
  maxContinuations: 8,
  maxHeaderListBytes: 16 * KIB,
  maxHeaderFields: 128,
  maxInterimResponses: 32,
  maxTableBytes: 4096,
  pauseAtControlFrames: 100,
  maxControlFrames: 1000,
  maxSettings: 32,
  settingsFrames: 20,
  pingIntervalMs: 10 * SECOND,
  idlePingIntervalMs: 10 * SECOND,
  maxEmptyData: 100,
  maxFrameBytes: 16 * KIB,
  maxSentFrameBytes: 64 * KIB,
  streamWindowBytes: MIB,
  connectionWindowBytes: 4 * MIB,
  streamBufferBytes: 64 * KIB,
  connectionBufferBytes: MIB,
  maxQueuedBytes: 16 * MIB,
  socketBufferBytes: 256 * KIB,
  turnBytes: 2 * MIB,
  handshakeMs: 5 * SECOND,
  keepaliveMs: MINUTE,
  keepaliveTimeoutMs: 20 * SECOND,
  idleMs: 10 * MINUTE,
  maxAgeMs: 0,
  drainPingMs: 5 * SECOND,
  drainGraceMs: 30 * SECOND,
  lingerMs: SECOND,
  stallMs: 20 * SECOND,
  maxConnections: 10_000,
});

/** A client's: it calls a server that it chose, so it does not judge PINGs, nor sends any that a server might judge. */
export const clientLimits: Limits = Object.freeze({
  ...serverLimits,
  pingIntervalMs: 0,
  idlePingIntervalMs: 0,
  keepaliveMs: 0,
  idleMs: 0,
});
