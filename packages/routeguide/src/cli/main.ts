/** The command's entry: the only place that touches the process, and that ends it. */
import { Interrupted } from "./failure.js";
import { Output } from "./output.js";
import { run } from "./run.js";

/** A terminal and npm may both pass on the signal of one key press: what follows this soon is the same press. */
const SAME_PRESS_MS = 300;

const interrupt = new AbortController();
let interruptedAtMs = 0;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    const reason = new Interrupted(signal);
    if (!interrupt.signal.aborted) {
      interruptedAtMs = performance.now();
      interrupt.abort(reason);
    } else if (performance.now() - interruptedAtMs > SAME_PRESS_MS) {
      process.exit(reason.exitCode);
    }
  });
}
// Who closes stderr does not want to read what we say.
process.stderr.on("error", () => {});

const stdout = new Output(process.stdout);
const { stdin, stderr } = process;
const exitCode = await run(process.argv.slice(2), { stdin, stdout, stderr, interrupt: interrupt.signal });
await stdout.flushed();
process.exit(exitCode);
