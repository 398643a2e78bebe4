import { listenAndDial } from "../../test/exchange/listen-and-dial.js";
import { exchangeSuite } from "../../test/exchange-suite.js";

exchangeSuite("own engine over sockets", listenAndDial({ engine: "own" }));
