/** The raw HTTP/2 client that the tests of @routeguide/grpc have. It is no part of that package, so it is found by its place. */
import type { SocketPeer } from "../../../grpc/test/h2-peer-socket.js";

const tests = new URL("../../../../grpc/dist/test/", import.meta.url);
const { connectPeer }: typeof import("../../../grpc/test/h2-peer-socket.js") = await import(
  new URL("h2-peer-socket.js", tests).href
);
const { REQUEST }: typeof import("../../../grpc/test/h2-peer.js") = await import(new URL("h2-peer.js", tests).href);
const { encodeConstant }: typeof import("../../../grpc/src/h2/hpack/encoder.js") = await import(
  new URL("../src/h2/hpack/encoder.js", tests).href
);
export const frames: typeof import("../../../grpc/test/h2-peer-frames.js") = await import(
  new URL("h2-peer-frames.js", tests).href
);

/** The header block of a call of RouteGuide. */
export function requestOf(method: string): Uint8Array {
  const fields = [...REQUEST];
  fields[fields.indexOf(":path") + 1] = `/routeguide.RouteGuide/${method}`;
  return encodeConstant([], fields);
}

/** A connection on which nothing has been sent. */
export function dialRaw(address: string): Promise<SocketPeer> {
  const [host = "", port = ""] = address.split(":");
  return connectPeer({ host, port: Number(port) });
}

/** What grpc-status says at the end of a call, once it has ended. */
export async function statusOf(peer: SocketPeer, stream: number): Promise<number> {
  const { Type, Flags } = frames;
  const isEnd = (frame: { type: number; flags: number; stream: number }) =>
    frame.stream === stream && frame.type === Type.Headers && (frame.flags & Flags.EndStream) !== 0;
  const fields = peer.fieldsOf(await peer.frame(isEnd));
  return Number(fields[fields.indexOf("grpc-status") + 1]);
}
