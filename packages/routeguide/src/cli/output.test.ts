import assert from "node:assert/strict";
import { constants } from "node:os";
import { PassThrough, Writable } from "node:stream";
import { suite, test } from "node:test";
import { ReaderGone } from "./failure.js";
import { Output } from "./output.js";
import { Results } from "./results.js";

const NUMBERS = { opening: "[", separator: ",", closing: "]", item: (value: number) => String(value) };

/** A stream whose writes wait until they are let through. */
function slowStream() {
  const waiting: { text: string; done: (error?: Error) => void }[] = [];
  const stream = new Writable({
    highWaterMark: 10,
    decodeStrings: false,
    write: (text: string, _encoding, done) => void waiting.push({ text, done }),
  });
  return { stream, waiting };
}

const fullDisk = () =>
  Object.assign(new Error("ENOSPC: write"), { code: "ENOSPC", errno: -constants.errno.ENOSPC, syscall: "write" });
const brokenPipe = () => Object.assign(new Error("write EPIPE"), { code: "EPIPE" });

suite("Output", () => {
  test("waits for its reader once the stream is full", async () => {
    const { stream, waiting } = slowStream();
    const output = new Output(stream);
    let isWritten = false;
    const written = output.write("0123456789ab").then(() => {
      isWritten = true;
    });
    await Promise.resolve();
    assert.equal(isWritten, false);
    waiting.shift()?.done();
    await written;
  });

  test("tells a write that waits that its reader has gone", async () => {
    const { stream, waiting } = slowStream();
    const output = new Output(stream);
    const written = output.write("0123456789ab");
    waiting.shift()?.done(brokenPipe());
    await assert.rejects(written, ReaderGone);
    assert.ok(output.gone.reason instanceof ReaderGone);
    await assert.rejects(output.write("more"), ReaderGone);
    await output.flushed();
  });

  test("says why it cannot be written, whether the stream tells or throws it", async () => {
    const told = { name: "Failure", message: "cannot write results: no space left on device" };
    const { stream, waiting } = slowStream();
    const written = new Output(stream).write("0123456789ab");
    waiting.shift()?.done(fullDisk());
    await assert.rejects(written, told);
    const file = new Writable({
      write: () => {
        throw fullDisk();
      },
    });
    await assert.rejects(new Output(file).write("0"), told);
  });

  test("is flushed when the last write has left", async () => {
    const { stream, waiting } = slowStream();
    const output = new Output(stream);
    await output.write("01");
    const flushed = output.flushed();
    while (waiting.length > 0) {
      waiting.shift()?.done();
      await new Promise(setImmediate);
    }
    await flushed;
    assert.equal(stream.writableLength, 0);
  });
});

suite("Results", () => {
  test("opens and closes its document around what was added", async () => {
    const stream = new PassThrough({ encoding: "utf8" });
    const results = new Results(new Output(stream), NUMBERS);
    await results.add([1, 2]);
    await results.add([]);
    await results.add([3]);
    await results.end();
    assert.equal(stream.read(), "[1,2,3]");
    assert.equal(results.count, 3);
  });

  test("writes a whole document when nothing was added", async () => {
    const stream = new PassThrough({ encoding: "utf8" });
    await new Results(new Output(stream), NUMBERS).end();
    assert.equal(stream.read(), "[]");
  });

  test("takes no more values while its reader is behind", async () => {
    const { stream } = slowStream();
    let taken = 0;
    function* endless() {
      for (;;) yield taken++;
    }
    void new Results(new Output(stream), NUMBERS).add(endless());
    await new Promise(setImmediate);
    // A chunk of 64 Ki characters, and no second one.
    assert.ok(taken > 1000 && taken < 65_536, `took ${taken}`);
  });
});
