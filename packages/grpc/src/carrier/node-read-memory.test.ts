import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { test } from "node:test";
import { ReadMemory } from "./node-read-memory.js";

/** A socket whose peer sends back what it gets, a read at a time. */
class Echo implements AsyncDisposable {
  readonly memory = new ReadMemory();
  readonly #server = createServer((socket) => socket.pipe(socket));
  #socket: Socket | undefined;

  async open(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const { port } = this.#server.address() as AddressInfo;
    this.#socket = connect({ port, host: "127.0.0.1", onread: this.memory.onread });
    await once(this.#socket, "connect");
  }

  /** Reads this text, in however many reads; resolves to the first of them. */
  read(text: string, isUsed: boolean): Promise<Buffer> {
    return new Promise((resolve) => {
      let first: Buffer | undefined;
      let left = text.length;
      this.memory.receive = (bytes) => {
        first ??= bytes;
        left -= bytes.length;
        if (left === 0) resolve(first);
        return isUsed;
      };
      this.#socket?.write(text);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket?.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}

test("what was used is read over, what is kept stays as it was", async () => {
  await using echo = new Echo();
  await echo.open();
  const used = await echo.read("used", true);
  const kept = await echo.read("kept", false);
  assert.equal(kept.byteOffset, used.byteOffset);
  assert.notEqual(kept, used);
  const next = await echo.read("next", true);
  assert.equal(next.byteOffset, kept.byteOffset + kept.length);
  assert.equal(next.buffer, kept.buffer);
  await echo.read("last", true);
  assert.deepEqual([used, kept, next].map(String), ["kept", "kept", "last"]);
});

test("when little is left behind what is kept, the next read goes into another slab", async () => {
  await using echo = new Echo();
  await echo.open();
  const slabs = new Set<ArrayBufferLike>();
  const kept: Buffer[] = [];
  for (let i = 0; i < 100; i++) {
    const bytes = await echo.read(String(i).padStart(1000), false);
    kept.push(bytes);
    slabs.add(bytes.buffer);
  }
  assert.ok(slabs.size >= 2 && slabs.size <= 4, `100,000 bytes lie in ${slabs.size} slabs`);
  assert.deepEqual(
    kept.map(Number),
    kept.map((_, i) => i),
  );
});
