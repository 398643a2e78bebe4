import { connect } from "node:net";
import { exchangeSuite } from "../../test/exchange-suite.js";
import { connectHttp2 } from "./node-http2-client.js";
import { serveHttp2 } from "./node-http2-server.js";
import { openListener } from "./node-listener.js";
import { peerOf } from "./node-peer.js";

const WINDOWS = { streamWindowBytes: 1_048_576, connectionWindowBytes: 4_194_304, headerListBytes: 16_384 };

exchangeSuite("node-http2", async (accept, { maxExchanges = 1000, events }) => {
  const limits = { ...WINDOWS, concurrentStreams: maxExchanges, headerListPairs: 128 };
  const listener = await openListener({ port: 0 }, (socket, peer) => serveHttp2(socket, peer, accept, limits), {
    maxConnections: 10,
    handshakeTimeoutMs: 5000,
  });
  const [host, port] = listener.address.split(":");
  const socket = connect(Number(port), host);
  const connection = await connectHttp2(
    socket,
    peerOf(socket),
    { openable: () => {}, draining: () => {}, closed: () => {}, ...events },
    { ...WINDOWS, authority: listener.address },
  );
  return {
    connection,
    cut: () => socket.destroy(),
    [Symbol.asyncDispose]: async () => {
      connection.close();
      await listener.close(0);
    },
  };
});
