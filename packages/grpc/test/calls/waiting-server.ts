/** A server in a process of its own whose calls wait to be told to go on. Tells its parent what happens, and drains on SIGTERM. */
import { createServer } from "../../src/index.js";
import { listen } from "../../src/node.js";
import { Echo } from "../gen/kinds/echo_pb.js";

/** What it tells its parent. */
export type Report = { readonly address: string } | { readonly waiting: number } | "draining";

const report = (told: Report) => process.send?.(told);

let waiting = 0;
let goOn: () => void = () => {};
const told = new Promise<void>((resolve) => {
  goOn = resolve;
});
process.once("message", goOn);

const server = createServer().service(Echo, {
  async unary({ number }) {
    report({ waiting: ++waiting });
    await told;
    return { number };
  },
});
const listening = await listen(server, { port: 0 });
process.once("SIGTERM", async () => {
  const drained = Promise.all([server.drain(20_000), listening.close(20_000)]);
  report("draining");
  await drained;
  process.disconnect();
});
report({ address: listening.address });
