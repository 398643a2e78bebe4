import type { Socket } from "node:net";

/** What every client of HTTP/2 sends first: RFC 9113, section 3.4. */
const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

/**
 * Calls back once the first bytes say whether they are HTTP/2, or never if they do not come. The bytes stay in the socket, unread.
 */
export function sniff(socket: Socket, found: (isHttp2: boolean) => void): void {
  let first: Buffer = Buffer.alloc(0);
  const look = () => {
    const chunk: Buffer | null = socket.read();
    if (chunk === null) return;
    first = first.length === 0 ? chunk : Buffer.concat([first, chunk]);
    const length = Math.min(first.length, PREFACE.length);
    const matches = first.compare(PREFACE, 0, length, 0, length) === 0;
    if (matches && length < PREFACE.length) return;
    socket.off("readable", look);
    socket.unshift(first);
    found(matches);
  };
  socket.on("readable", look);
}
