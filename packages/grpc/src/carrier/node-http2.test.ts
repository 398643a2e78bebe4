import { listenAndDial } from "../../test/exchange/listen-and-dial.js";
import { exchangeSuite, type Skips } from "../../test/exchange-suite.js";

exchangeSuite("node-http2", listenAndDial({ engine: "node" }));
exchangeSuite("node-http2 client, own server", listenAndDial({ engine: "node", serverEngine: "own" }));
exchangeSuite("own client, node-http2 server", listenAndDial({ engine: "own", serverEngine: "node" }), countsForLong());

/** A client of Node's own sends what waits a turn later. */
function countsForLong(): Skips {
  if (Number(process.versions.node.split(".")[0]) < 22) return {};
  const reason =
    "from Node 22 on a stream counts until its objects are gone: one opened with the reset gets ENHANCE_YOUR_CALM";
  return { "an exchange that waits can be reset": reason };
}
