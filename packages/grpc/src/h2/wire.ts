/** The numbers of RFC 9113. */

/** Section 6. */
export const FrameType = {
  Data: 0,
  Headers: 1,
  Priority: 2,
  RstStream: 3,
  Settings: 4,
  PushPromise: 5,
  Ping: 6,
  GoAway: 7,
  WindowUpdate: 8,
  Continuation: 9,
} as const;

/** Section 6. Ack shares its bit with EndStream, on other frames. */
export const Flag = { EndStream: 1, Ack: 1, EndHeaders: 4, Padded: 8, Priority: 32 } as const;

/** Section 6.5.2. */
export const Setting = {
  HeaderTableSize: 1,
  EnablePush: 2,
  MaxConcurrentStreams: 3,
  InitialWindowSize: 4,
  MaxFrameSize: 5,
  MaxHeaderListSize: 6,
} as const;

/** What a client sends before its first frame: PRI * HTTP/2.0. Section 3.4. */
export const PREFACE: Uint8Array = Uint8Array.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", (char) => char.charCodeAt(0));

/** Bytes of a frame before its payload. */
export const FRAME_HEADER = 9;
/** Bytes of a frame's payload unless a setting says otherwise. */
export const DEFAULT_FRAME = 16_384;
/** The largest payload that a setting may allow. */
export const MAX_FRAME = 16_777_215;
/** Send window of connection and stream unless a setting says otherwise. */
export const DEFAULT_WINDOW = 65_535;
/** The largest window, stream number and setting of a window: 2^31-1. */
export const MAX_31 = 0x7fff_ffff;
/** Dynamic table of HPACK unless a setting says otherwise. */
export const DEFAULT_TABLE = 4096;

/** Four bytes, big-endian, unsigned. */
export function readUint32(bytes: Uint8Array, at: number): number {
  // Callers checked the frame's length; the zeros only satisfy the compiler and cost nothing.
  return (
    (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0
  );
}

/** Four bytes without the reserved bit: stream numbers and window increments. */
export function readUint31(bytes: Uint8Array, at: number): number {
  return readUint32(bytes, at) & MAX_31;
}
