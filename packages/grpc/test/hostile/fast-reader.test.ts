import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { WebSocket } from "ws";
import { type ListenOptions, listen } from "../../src/carrier/node-listen.js";
import { webSocket } from "../../src/carrier/node-web-socket.js";
import { webSocketTransport } from "../../src/carrier/web-socket-transport.js";
import { createClient, createServer, type Transport } from "../../src/index.js";
import { dial } from "../../src/node.js";
import { envelope } from "../calls/harness.js";
import { Echo } from "../gen/kinds/echo_pb.js";

// A reader whose system takes all as fast as it comes: others must have their turns meanwhile.

const payload = new Uint8Array(16 * 1024);
/** More than the buffers of any system hold. */
const MESSAGES = 2048;
/** `turnBytes` of HTTP/2, and what a stream buffers beside. */
const MOST_IN_A_TURN = 2.5 * 1024 * 1024;

const overHttp2 = (address: string) => dial(`http://${address}`);

const CARRIERS: readonly (readonly [string, (address: string) => Transport, ListenOptions?])[] = [
  ["HTTP/2", overHttp2],
  ["node:http2", overHttp2, { engine: "node" }],
  ["HTTP/1.1", (address) => dial(`http://${address}`, { protocol: "connect", httpVersion: 1 })],
  ["a WebSocket", (address) => webSocketTransport({ url: `ws://${address}`, WebSocket }), { upgrades: [webSocket()] }],
];

/** A server of one long response, and how much of it was made at most between two turns of the event loop. */
function longWinded() {
  const made = { most: 0 };
  let inTurn = 0;
  const server = createServer().service(Echo, {
    *serverStream() {
      for (let i = 0; i < MESSAGES; i++) {
        if (inTurn === 0) {
          setImmediate(() => {
            inTurn = 0;
          });
        }
        inTurn += payload.length;
        made.most = Math.max(made.most, inTurn);
        yield { payload };
      }
    },
  });
  return { server, made };
}

for (const [carrier, transportTo, options] of CARRIERS) {
  test(`a long response to a fast reader over ${carrier} leaves the server its turns`, {
    timeout: 20_000,
  }, async () => {
    const { server, made } = longWinded();
    await using listening = await listen(server, { port: 0 }, options);
    await using transport = transportTo(listening.address);
    let count = 0;
    for await (const _ of createClient(Echo, transport).serverStream({})) count++;
    assert.equal(count, MESSAGES);
    assert.ok(made.most <= MOST_IN_A_TURN, `${made.most} bytes in one turn`);
  });
}

test("so does one over a WebSocket that knows no credit", { timeout: 20_000 }, async () => {
  const { server, made } = longWinded();
  await using listening = await listen(server, { port: 0 }, { upgrades: [webSocket()] });
  const socket = new WebSocket(`ws://${listening.address}/kinds.Echo/ServerStream`, "grpc-websockets");
  await once(socket, "open");
  let bytes = 0;
  socket.on("message", (message: Buffer) => {
    bytes += message.length;
  });
  socket.send(Buffer.from("content-type: application/grpc-web+proto\r\n"));
  socket.send(Buffer.concat([Uint8Array.of(0), envelope(new Uint8Array(0))]));
  socket.send(Uint8Array.of(1));
  await once(socket, "close");
  assert.ok(bytes > MESSAGES * payload.length);
  assert.ok(made.most <= MOST_IN_A_TURN, `${made.most} bytes in one turn`);
});
