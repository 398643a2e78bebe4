import { listenAndDial } from "../../test/exchange/listen-and-dial.js";
import { exchangeSuite } from "../../test/exchange-suite.js";

exchangeSuite("node-http2", listenAndDial({ engine: "node" }));
exchangeSuite("node-http2 client, own server", listenAndDial({ engine: "node", serverEngine: "own" }));
exchangeSuite("own client, node-http2 server", listenAndDial({ engine: "own", serverEngine: "node" }));
