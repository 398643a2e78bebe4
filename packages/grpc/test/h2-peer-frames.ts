/** Frames of HTTP/2 (RFC 9113) as tests write and read them: also such as no honest peer sends. Shares no code with the engine. */

export const Type = {
  Data: 0,
  Headers: 1,
  Priority: 2,
  Reset: 3,
  Settings: 4,
  PushPromise: 5,
  Ping: 6,
  GoAway: 7,
  WindowUpdate: 8,
  Continuation: 9,
} as const;

export const Flags = { EndStream: 1, Ack: 1, EndHeaders: 4, Padded: 8, Priority: 32 } as const;

export const SettingId = {
  HeaderTableSize: 1,
  EnablePush: 2,
  MaxConcurrentStreams: 3,
  InitialWindowSize: 4,
  MaxFrameSize: 5,
  MaxHeaderListSize: 6,
} as const;

export const ErrorCode = {
  NoError: 0,
  Protocol: 1,
  Internal: 2,
  FlowControl: 3,
  SettingsTimeout: 4,
  StreamClosed: 5,
  FrameSize: 6,
  RefusedStream: 7,
  Cancel: 8,
  Compression: 9,
  Connect: 10,
  EnhanceYourCalm: 11,
} as const;

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Uint8Array;
}

/** What a client sends first. */
export const CLIENT_PREFACE: Uint8Array = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

/** @param declaredBytes what the header says of the payload's length; by default the truth */
export function frame(
  type: number,
  flags: number,
  stream: number,
  payload: ArrayLike<number> = [],
  declaredBytes: number = payload.length,
): Uint8Array {
  const bytes = new Uint8Array(9 + payload.length);
  bytes.set([declaredBytes >> 16, declaredBytes >> 8, declaredBytes, type, flags, ...uint32(stream)]);
  bytes.set(payload, 9);
  return bytes;
}

export function data(stream: number, payload: ArrayLike<number>, flags = 0): Uint8Array {
  return frame(Type.Data, flags, stream, payload);
}

/** @param padLength what the frame says of its padding; by default as much as follows */
export function paddedData(
  stream: number,
  payload: ArrayLike<number>,
  padding: number,
  flags = 0,
  padLength: number = padding,
): Uint8Array {
  const padded = [padLength, ...Array.from(payload), ...new Array<number>(padding).fill(0)];
  return frame(Type.Data, flags | Flags.Padded, stream, padded);
}

export function headers(stream: number, block: ArrayLike<number>, flags: number = Flags.EndHeaders): Uint8Array {
  return frame(Type.Headers, flags, stream, block);
}

export function continuation(stream: number, block: ArrayLike<number>, flags = 0): Uint8Array {
  return frame(Type.Continuation, flags, stream, block);
}

export function priority(stream: number, dependsOn: number, weight = 15): Uint8Array {
  return frame(Type.Priority, 0, stream, [...uint32(dependsOn), weight]);
}

export function reset(stream: number, code: number = ErrorCode.Cancel): Uint8Array {
  return frame(Type.Reset, 0, stream, uint32(code));
}

/** @param entries identifier and value by turns */
export function settings(entries: readonly number[] = []): Uint8Array {
  const payload: number[] = [];
  for (let i = 0; i + 1 < entries.length; i += 2) {
    const id = entries[i] as number;
    payload.push(id >> 8, id & 0xff, ...uint32(entries[i + 1] as number));
  }
  return frame(Type.Settings, 0, 0, payload);
}

export function settingsAck(): Uint8Array {
  return frame(Type.Settings, Flags.Ack, 0);
}

export function ping(data: ArrayLike<number> = new Uint8Array(8), flags = 0): Uint8Array {
  return frame(Type.Ping, flags, 0, data);
}

export function goAway(lastStream: number, code: number, debug = ""): Uint8Array {
  return frame(Type.GoAway, 0, 0, [...uint32(lastStream), ...uint32(code), ...Buffer.from(debug, "latin1")]);
}

export function windowUpdate(stream: number, increment: number): Uint8Array {
  return frame(Type.WindowUpdate, 0, stream, uint32(increment));
}

/** The four octets at `at`, big-endian, unsigned. */
export function readUint32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at);
}

/** Cuts bytes into frames, however they come. */
export class FrameParser {
  #rest: Uint8Array = new Uint8Array(0);
  /** Octets of the client's preface that are still to come. */
  #preface: number;

  /** @param prefaced the bytes come from a client */
  constructor(prefaced: boolean) {
    this.#preface = prefaced ? CLIENT_PREFACE.length : 0;
  }

  /** The frames that these bytes complete. */
  feed(bytes: Uint8Array): Frame[] {
    let rest: Uint8Array = Buffer.concat([this.#rest, bytes]);
    const frames: Frame[] = [];
    if (rest.length >= this.#preface) {
      rest = rest.subarray(this.#preface);
      this.#preface = 0;
      for (let end = endOfFrame(rest); end <= rest.length; end = endOfFrame(rest)) {
        const stream = readUint32(rest, 5) & 0x7fffffff;
        // A copy: a view would hold everything that came with it.
        const payload = new Uint8Array(rest.subarray(9, end));
        frames.push({ type: rest[3] as number, flags: rest[4] as number, stream, payload });
        rest = rest.subarray(end);
      }
    }
    this.#rest = rest;
    return frames;
  }
}

/** Where the frame at the front ends; beyond the bytes as long as its header is not whole. */
function endOfFrame(bytes: Uint8Array): number {
  return bytes.length < 9 ? 9 : 9 + (readUint32(bytes, 0) >>> 8);
}

function uint32(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}
