import assert from "node:assert/strict";
import { connect } from "node:net";
import { nextTick } from "node:process";
import { test } from "node:test";
import { listenAndDial } from "../../test/exchange/listen-and-dial.js";
import { Recorder } from "../../test/exchange/recorder.js";
import { exchangeSuite } from "../../test/exchange-suite.js";
import type { Accept, Connection } from "../exchange.js";
import { clientLimits } from "../h2/limits.js";
import { connectOwn } from "./node-h2-client.js";
import { listen } from "./node-listen.js";
import { peerOf } from "./node-peer.js";

exchangeSuite("own engine over sockets", listenAndDial({ engine: "own" }));

/** Answers as soon as a request begins. */
const accept: Accept = (exchange) => {
  const request = new Recorder();
  request.exchange = exchange;
  exchange.end({ fields: ["grpc-status", "0"] });
  return request;
};

function ask(connection: Connection): Recorder {
  const response = new Recorder();
  response.exchange = connection.open("/test.Service/Ask", { fields: ["te", "trailers"] }, response);
  response.exchange.end();
  return response;
}

const nothing = () => {};
const ticked = () => new Promise<void>((resolve) => nextTick(resolve));
const turned = () => new Promise<void>((resolve) => setImmediate(resolve));

test("what follows a read leaves with the code that wrote it, what follows that together after a turn", async (t) => {
  const listening = await listen({ accept }, { port: 0 });
  t.after(() => listening.close(0));
  const socket = connect(Number(listening.address.split(":")[1]), "127.0.0.1");
  t.after(() => socket.destroy());
  const events = { openable: nothing, draining: nothing, closed: nothing };
  const connection = await connectOwn(clientLimits)(socket, peerOf(socket), events, listening.address);
  await ask(connection).untilClosed();

  const before = socket.bytesWritten;
  const first = [ask(connection), ask(connection)];
  assert.equal(socket.bytesWritten, before);
  await ticked();
  const after = socket.bytesWritten;
  assert.ok(after > before);

  const others = [ask(connection)];
  await ticked();
  others.push(ask(connection));
  await ticked();
  assert.equal(socket.bytesWritten, after);
  await turned();
  assert.ok(socket.bytesWritten > after);

  for (const response of [...first, ...others]) assert.equal(await response.untilClosed(), undefined);
});
