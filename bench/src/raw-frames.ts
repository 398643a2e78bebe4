/** Frames of HTTP/2 (RFC 9113) by hand: for peers that hold nothing, and for those that break the rules. */

export const FrameType = {
  Data: 0,
  Headers: 1,
  Reset: 3,
  Settings: 4,
  Ping: 6,
  WindowUpdate: 8,
  Continuation: 9,
} as const;
export const END_STREAM = 1;
export const ACK = 1;
export const END_HEADERS = 4;

const HEADER_BYTES = 9;

export function frame(type: number, flags: number, stream: number, payload: Uint8Array = new Uint8Array(0)): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + payload.length);
  bytes.writeUIntBE(payload.length, 0, 3);
  bytes.writeUInt8(type, 3);
  bytes.writeUInt8(flags, 4);
  bytes.writeUInt32BE(stream, 5);
  bytes.set(payload, HEADER_BYTES);
  return bytes;
}

/** What a client begins with: the preface, SETTINGS, and the ACK of the server's. */
export const HELLO: Buffer = Buffer.concat([
  Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1"),
  frame(FrameType.Settings, 0, 0),
  frame(FrameType.Settings, ACK, 0),
]);

/** HEADERS of a call of RouteGuide. */
export function callHeaders(stream: number, method: string, flags = 0): Buffer {
  const block = literals(
    ...[":method", "POST", ":scheme", "http", ":path", `/routeguide.RouteGuide/${method}`, ":authority", "localhost"],
    ...["content-type", "application/grpc", "te", "trailers"],
  );
  return frame(FrameType.Headers, flags | END_HEADERS, stream, block);
}

/** Names and values by turns, each shorter than 127 octets, as literals without indexing: RFC 7541, section 6.2.2. */
function literals(...fields: string[]): Buffer {
  const parts: Buffer[] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [name = "", value = ""] = fields.slice(i, i + 2);
    parts.push(Buffer.from([0, name.length]), Buffer.from(name, "latin1"));
    parts.push(Buffer.from([value.length]), Buffer.from(value, "latin1"));
  }
  return Buffer.concat(parts);
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
