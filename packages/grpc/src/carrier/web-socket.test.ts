import { WebSocket } from "ws";
import type { Open } from "../../test/exchange-suite.js";
import { exchangeSuite } from "../../test/exchange-suite.js";
import { listen } from "./node-listen.js";
import { webSocket } from "./node-web-socket.js";
import { webSocketLimits } from "./web-socket-limits.js";
import { connectWebSocket } from "./web-socket-transport.js";
import { SUBPROTOCOL } from "./web-socket-wire.js";

const open: Open = async (accept, { maxExchanges = 1000, events }) => {
  const upgrades = [webSocket({ limits: { maxCalls: maxExchanges } })];
  const listening = await listen({ accept }, { port: 0 }, { upgrades });
  const url = new URL(`ws://${listening.address}/`);
  const socket = new WebSocket(url, [SUBPROTOCOL]);
  const nothing = () => {};
  const connection = await connectWebSocket(
    socket,
    url,
    webSocketLimits,
    { openable: nothing, draining: nothing, closed: nothing, ...events },
    new AbortController().signal,
  );
  return {
    connection,
    cut: () => socket.terminate(),
    async [Symbol.asyncDispose]() {
      connection.close();
      await listening.close(0);
    },
  };
};

exchangeSuite("web-socket", open);
