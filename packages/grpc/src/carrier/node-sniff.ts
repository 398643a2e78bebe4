import type { Socket } from "node:net";

/** What the first bytes of a connection are: the HTTP/2 preface, a request line of HTTP/1, or neither. */
export type Spoken = "http2" | "http1" | "neither";

/** What every client of HTTP/2 sends first: RFC 9113, section 3.4. */
const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");
/** RFC 9112, section 3; an empty line may come before it (section 2.2). */
const REQUEST_LINE = /^(?:\r?\n)?[\w!#$%&'*+.^`|~-]+ [\x21-\x7e]+ HTTP\/1\.\d\r?\n/;
/** How such a line may begin. */
const LINE_SO_FAR = /^(?:\r?\n?)?[\x20-\x7e]*\r?$/;
/** What node:http takes of a whole head. */
const MAX_LINE_BYTES = 16 * 1024;

/**
 * Calls back once the first bytes say what they are, or never if they do not come. The bytes stay in the socket, unread.
 */
export function sniff(socket: Socket, found: (spoken: Spoken) => void): void {
  let first: Buffer = Buffer.alloc(0);
  const look = () => {
    const chunk: Buffer | null = socket.read();
    if (chunk === null) return;
    first = first.length === 0 ? chunk : Buffer.concat([first, chunk]);
    const spoken = spokenIn(first);
    if (spoken === undefined) return;
    socket.off("readable", look);
    socket.unshift(first);
    found(spoken);
  };
  socket.on("readable", look);
}

/** Undefined: more bytes are needed. */
function spokenIn(first: Buffer): Spoken | undefined {
  const length = Math.min(first.length, PREFACE.length);
  if (first.compare(PREFACE, 0, length, 0, length) === 0) return length < PREFACE.length ? undefined : "http2";
  const text = first.toString("latin1", 0, MAX_LINE_BYTES);
  if (REQUEST_LINE.test(text)) return "http1";
  return first.length < MAX_LINE_BYTES && LINE_SO_FAR.test(text) ? undefined : "neither";
}
