import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { loadConfig } from "../config.js";
import { Interrupted } from "./failure.js";
import { Output } from "./output.js";
import { serve } from "./serve.js";

test("a server that is told to stop while it starts does not finish starting first", async () => {
  const stderr = new PassThrough({ encoding: "utf8" });
  const interrupt = AbortSignal.abort(new Interrupted("SIGTERM"));
  const io = { stdin: new PassThrough(), stdout: new Output(new PassThrough()), stderr, interrupt };
  await serve(io, loadConfig({ listen: "127.0.0.1:0", notes: "memory" }, {}));
  assert.equal(stderr.read(), null);
});
