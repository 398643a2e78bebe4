/** A reverse proxy, for the tests: it takes a path away and passes on all else, the host and WebSockets included. */
import { once } from "node:events";
import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * @param path what its URLs begin with, such as "/guide"
 * @param address the server's, as HOST:PORT
 */
export async function proxyBelow(path: string, address: string): Promise<{ readonly url: string } & AsyncDisposable> {
  const passOn = ({ url = "", method, headers }: IncomingMessage) =>
    request(`http://${address}${url.replace(path, "")}`, { method, headers });
  const proxy = createServer((incoming, response) => {
    const outgoing = passOn(incoming).on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on("error", () => response.destroy());
    response.on("close", () => outgoing.destroy());
    incoming.pipe(outgoing);
  });
  proxy.on("upgrade", (incoming: IncomingMessage, socket, early: Uint8Array) => {
    const outgoing = passOn(incoming).end();
    outgoing.on("upgrade", ({ headers }, upstream, first: Uint8Array) => {
      const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${fields.join("")}\r\n`);
      // What has come with the heads is not read again.
      socket.write(first);
      upstream.write(early);
      socket.pipe(upstream).pipe(socket);
      for (const [one, other] of [
        [socket, upstream],
        [upstream, socket],
      ]) {
        one?.on("error", () => {}).on("close", () => other?.destroy());
      }
    });
    outgoing.on("error", () => socket.destroy());
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const { port } = proxy.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${path}/`,
    async [Symbol.asyncDispose]() {
      proxy.closeAllConnections();
      proxy.close();
      await once(proxy, "close");
    },
  };
}
