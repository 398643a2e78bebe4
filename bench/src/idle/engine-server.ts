/** The engine with a handler that waits for ever: what a stream costs before anybody makes a call of it. */
import { parseArgs } from "node:util";
import type { Exchange, Sink } from "@routeguide/grpc";
import { listen } from "@routeguide/grpc/node";

const { values } = parseArgs({ options: { port: { type: "string", default: "0" } } });

/** All streams share it: it is none of the engine's. */
const WAITING: Sink = { head() {}, data() {}, turn() {}, end() {}, writable() {}, closed() {} };

await listen(
  {
    accept(exchange: Exchange) {
      exchange.release();
      return WAITING;
    },
  },
  { port: Number(values.port) },
);
