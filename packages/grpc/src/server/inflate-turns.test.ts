import assert from "node:assert/strict";
import { test } from "node:test";
import { Code } from "../call/code.js";
import { CompressedMessage } from "../envelope/compressed-message.js";
import { HeldBytes } from "../envelope/held-bytes.js";
import { gzip } from "../envelope/node-zlib.js";
import type { Peer } from "../exchange.js";
import { InflateTurns, type Inflating } from "./inflate-turns.js";

const MEBIBYTE = 1024 * 1024;

const messageOf = (bytes: number) => new CompressedMessage(gzip.compress(new Uint8Array(bytes)), gzip, 4 * MEBIBYTE);
const bomb = () => messageOf(4 * MEBIBYTE);

const callOf = (address: string, hasEnded = false): Inflating => ({ peer: peers[address] as Peer, hasEnded });
const peers: Readonly<Record<string, Peer>> = Object.fromEntries(
  ["a", "b"].map((address) => [address, { carrier: "memory", address, secure: false, certificate: () => undefined }]),
);

/** Turns that the test makes. */
class Turns {
  readonly inflate: InflateTurns;
  /** What was inflated, in this order. */
  readonly done: string[] = [];
  #next: (() => void) | undefined;

  constructor(maxHeldBytes = MEBIBYTE) {
    this.inflate = new InflateTurns(new HeldBytes(maxHeldBytes), (callback) => {
      assert.equal(this.#next, undefined, "one turn is asked for at a time");
      this.#next = callback;
    });
  }

  /** Whether there is something left to do. */
  get isDue(): boolean {
    return this.#next !== undefined;
  }

  add(name: string, message: CompressedMessage, call: Inflating): void {
    const ranges = this.inflate.inflate(message, call);
    if (!(ranges instanceof Promise)) this.done.push(name);
    else
      ranges.then(
        () => this.done.push(name),
        (error) => this.done.push(`${name} ${Code[error.code]}`),
      );
  }

  async turn(): Promise<void> {
    const next = this.#next;
    this.#next = undefined;
    next?.();
    await new Promise(setImmediate);
  }
}

test("a message that inflates to much leaves the next to another turn", async () => {
  const turns = new Turns();
  for (const name of ["1", "2", "3"]) turns.add(name, bomb(), callOf("a"));
  assert.deepEqual(turns.done, ["1"]);
  await turns.turn();
  assert.deepEqual(turns.done, ["1", "2"]);
  await turns.turn();
  assert.deepEqual(turns.done, ["1", "2", "3"]);
  await turns.turn();
  assert.equal(turns.isDue, false);
});

test("small messages are inflated at once, however many", () => {
  const turns = new Turns();
  for (let i = 0; i < 100; i++) turns.add(String(i), messageOf(60_000), callOf("a"));
  assert.equal(turns.done.length, 100);
  assert.equal(turns.isDue, false);
});

test("connections take turns, whichever has more to inflate", async () => {
  const turns = new Turns();
  for (const name of ["a1", "a2", "a3"]) turns.add(name, bomb(), callOf("a"));
  for (const name of ["b1", "b2"]) turns.add(name, messageOf(100_000), callOf("b"));
  while (turns.isDue) await turns.turn();
  assert.deepEqual(turns.done, ["a1", "a2", "b1", "a3", "b2"]);
});

test("what does not inflate within its limit counts as the limit", async () => {
  const turns = new Turns();
  assert.throws(() => turns.inflate.inflate(messageOf(5 * MEBIBYTE), callOf("a")), { code: Code.ResourceExhausted });
  turns.add("next", bomb(), callOf("a"));
  assert.deepEqual(turns.done, []);
  await turns.turn();
  assert.deepEqual(turns.done, ["next"]);
});

test("a call that has ended by its turn costs nothing", async () => {
  const turns = new Turns();
  turns.add("1", bomb(), callOf("a"));
  turns.add("2", bomb(), callOf("a", true));
  turns.add("3", bomb(), callOf("a"));
  await turns.turn();
  assert.deepEqual(turns.done, ["1", "2 Canceled", "3"]);
});

test("messages that wait are counted, and past the limit refused", async () => {
  const turns = new Turns(100_000);
  const large = () => new CompressedMessage(new Uint8Array(80_000), gzip, 4 * MEBIBYTE);
  turns.add("1", bomb(), callOf("a"));
  turns.add("2", large(), callOf("a"));
  assert.throws(() => turns.inflate.inflate(large(), callOf("b")), { code: Code.ResourceExhausted });
  await turns.turn();
  assert.deepEqual(turns.done, ["1", "2 Internal"]);
  turns.add("3", large(), callOf("b"));
  await turns.turn();
  assert.deepEqual(turns.done, ["1", "2 Internal", "3 Internal"]);
});
