import assert from "node:assert/strict";
import { test } from "node:test";
import { listenAndDial } from "../../test/exchange/listen-and-dial.js";
import { Recorder } from "../../test/exchange/recorder.js";
import { exchangeSuite, type Skips } from "../../test/exchange-suite.js";
import { Flags, Type } from "../../test/h2-peer-frames.js";
import { listenPeer } from "../../test/h2-peer-socket.js";
import { ResetCode } from "../exchange.js";
import { encodeConstant } from "../h2/hpack/encoder.js";
import { clientLimits } from "../h2/limits.js";
import { dial } from "./node-dial.js";

const EARLY_HINTS = encodeConstant([], [":status", "103", "link", "</a>"]);

exchangeSuite("node-http2", listenAndDial({ engine: "node" }));
exchangeSuite("node-http2 client, own server", listenAndDial({ engine: "node", serverEngine: "own" }));
exchangeSuite("own client, node-http2 server", listenAndDial({ engine: "own", serverEngine: "node" }), countsForLong());

test("node-http2: more interim responses than anybody needs reset the stream", { timeout: 10_000 }, async () => {
  await using server = await listenPeer((peer) => {
    peer.begin();
    void peer
      .frame(({ type }) => type === Type.Headers)
      .then(() => {
        for (let i = 0; i <= clientLimits.maxInterimResponses; i++) peer.respond(1, 0, EARLY_HINTS);
        peer.respond(1, Flags.EndStream);
      });
  });
  await using transport = dial(`http://127.0.0.1:${server.port}`, { engine: "node" });
  const connection = await transport.connection(false);
  const response = new Recorder();
  response.exchange = connection.open("/test.Service/Method", { fields: [] }, response);
  assert.equal(await response.untilClosed(), ResetCode.EnhanceYourCalm);
  assert.equal(response.status, 0);
});

/** What node:http2 does not do in time. Its own client sends what waits a turn later, and does not see that. */
function countsForLong(): Skips {
  if (Number(process.versions.node.split(".")[0]) < 22) return {};
  const reason =
    "from Node 22 on a stream counts until its objects are gone: one opened with the reset gets ENHANCE_YOUR_CALM";
  return { "an exchange that waits can be reset": reason };
}
