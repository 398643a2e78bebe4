/** Ports for programs that are told where to listen. */
import { createServer } from "node:net";

/**
 * Below what Linux, macOS and Windows give to whoever asks for any port: until the learner's program has started, nobody else is
 * given the one that was chosen for it.
 */
const FIRST = 10_240;
const COUNT = 22_000;

/** Where this process looks next: labs that run at the same time begin at different places, and none gives a port twice. */
let next = Math.floor(Math.random() * COUNT);

/** @throws {Error} if there is none */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < COUNT; tried++) {
    const port = FIRST + (next++ % COUNT);
    if (await isFree(port)) return port;
  }
  throw new Error(`no port from ${FIRST} to ${FIRST + COUNT - 1} is free`);
}

/** Whether a port of the loopback interface can be listened on. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const isListening = await new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => resolve(true));
  });
  if (isListening) await new Promise((closed) => server.close(closed));
  return isListening;
}
