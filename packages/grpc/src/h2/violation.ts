import { ResetCode } from "../exchange.js";

/** Something that the peer did wrong, as a value: the same name in metric, log, GOAWAY data and test. */
export interface Violation {
  readonly name: string;
  /** For GOAWAY or RST_STREAM. */
  readonly code: ResetCode;
}

const { ProtocolError, FlowControlError, FrameSizeError, StreamClosed, EnhanceYourCalm, NoError, InternalError } =
  ResetCode;
const CompressionError = 9;

function violation(name: string, code: ResetCode): Violation {
  return Object.freeze({ name, code });
}

/** Everything that ends a connection or a stream early. Whether it is one or the other is decided where it is found. */
export const Violation = {
  // Frames.
  Preface: violation("preface", ProtocolError),
  FirstFrame: violation("first_frame", ProtocolError),
  FrameTooLarge: violation("frame_too_large", FrameSizeError),
  FrameSize: violation("frame_size", FrameSizeError),
  FrameStream: violation("frame_stream", ProtocolError),
  Padding: violation("padding", ProtocolError),
  Continuation: violation("continuation", ProtocolError),
  SelfDependency: violation("self_dependency", ProtocolError),
  Push: violation("push", ProtocolError),
  SettingsAck: violation("settings_ack", ProtocolError),
  SettingsValue: violation("settings_value", ProtocolError),
  SettingsWindow: violation("settings_window", FlowControlError),
  // Streams.
  StreamId: violation("stream_id", ProtocolError),
  IdleStream: violation("idle_stream", ProtocolError),
  ClosedStream: violation("closed_stream", StreamClosed),
  // Flow control.
  WindowIncrement: violation("window_increment", ProtocolError),
  WindowOverflow: violation("window_overflow", FlowControlError),
  WindowExceeded: violation("window_exceeded", FlowControlError),
  // Header blocks.
  Compression: violation("compression", CompressionError),
  MalformedFields: violation("malformed_fields", ProtocolError),
  MalformedRequest: violation("malformed_request", ProtocolError),
  MalformedResponse: violation("malformed_response", ProtocolError),
  MalformedTrailers: violation("malformed_trailers", ProtocolError),
  ContentLength: violation("content_length", ProtocolError),
  // Limits: one for each line of limits.ts that the peer can run into.
  MaxStreams: violation("max_streams", ResetCode.RefusedStream),
  PeerResets: violation("peer_resets", EnhanceYourCalm),
  OwnResets: violation("own_resets", EnhanceYourCalm),
  ContinuationFlood: violation("continuation_flood", EnhanceYourCalm),
  InterimResponses: violation("interim_responses", EnhanceYourCalm),
  HeaderList: violation("header_list", EnhanceYourCalm),
  ControlQueue: violation("control_queue", EnhanceYourCalm),
  SettingsFlood: violation("settings_flood", EnhanceYourCalm),
  PingFlood: violation("too_many_pings", EnhanceYourCalm),
  EmptyData: violation("empty_data", EnhanceYourCalm),
  QueuedBytes: violation("queued_bytes", EnhanceYourCalm),
  Handshake: violation("handshake_timeout", ProtocolError),
  Keepalive: violation("keepalive_timeout", NoError),
  StalledReader: violation("stalled_reader", EnhanceYourCalm),
  // Ours: an exception where none may be.
  Internal: violation("internal", InternalError),
} as const;
