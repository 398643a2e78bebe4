/** The command lab: the only place that touches the process, and that ends it. */
import { run } from "./run.js";
import { terminalOf } from "./terminal.js";

const interrupt = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    // Once more is meant: what the lab has started ends with it.
    if (interrupt.signal.aborted) process.exit(130);
    interrupt.abort();
  });
}
process.stdout.on("error", () => process.exit(0));
process.exitCode = await run(process.argv.slice(2), {
  cwd: process.cwd(),
  terminal: terminalOf(process.stdout),
  interrupt: interrupt.signal,
});
// A pipe whose reader is slow still has some of it to come.
await new Promise((flushed) => process.stdout.write("", flushed));
process.exit();
