import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { Code } from "@routeguide/grpc";
import { dialRaw, frames, requestOf, statusOf } from "./raw-peer.js";
import { serveVictim, type Victim } from "./victim.js";

const { Flags, data, reset } = frames;
const METHODS = ["GetFeature", "ListFeatures", "RecordRoute", "RouteChat"];
const OK = 0;
const MAX_MESSAGE_BYTES = 4 * 2 ** 20;

let victim: Victim;
before(async () => {
  victim = await serveVictim();
});
after(() => victim[Symbol.asyncDispose]());

/** The prefix of a message of so many bytes. */
function prefix(bytes: number): Uint8Array {
  const octets = Buffer.alloc(5);
  octets.writeUInt32BE(bytes, 1);
  return octets;
}

suite("envelopes that are not what they say", () => {
  for (const method of METHODS) {
    test(`a message that is too long by what it declares is refused by ${method} before it comes`, async () => {
      using peer = await dialRaw(victim.address);
      peer.begin();
      let stream = 1;
      for (const bytes of [MAX_MESSAGE_BYTES + 1, 2 ** 31, 2 ** 32 - 1]) {
        peer.request(stream, 0, requestOf(method));
        peer.write(data(stream, prefix(bytes)));
        assert.equal(await statusOf(peer, stream), Code.ResourceExhausted);
        stream += 2;
      }
      await victim.assertUnhurt();
    });

    test(`a request that ends inside an envelope is an error of ${method}`, async () => {
      using peer = await dialRaw(victim.address);
      peer.begin();
      peer.request(1, 0, requestOf(method));
      peer.write(data(1, [...prefix(100), 1, 2, 3], Flags.EndStream));
      assert.notEqual(await statusOf(peer, 1), OK);
      peer.request(3, 0, requestOf(method));
      peer.write(data(3, prefix(100).subarray(0, 3), Flags.EndStream));
      assert.notEqual(await statusOf(peer, 3), OK);
      await victim.assertUnhurt();
    });
  }

  test("a reset inside an envelope ends the call and nothing else", async () => {
    using peer = await dialRaw(victim.address);
    peer.begin();
    METHODS.forEach((method, i) => {
      peer.request(2 * i + 1, 0, requestOf(method));
      peer.write(data(2 * i + 1, [...prefix(100), 1, 2, 3]), reset(2 * i + 1));
    });
    peer.request(101, 0, requestOf("GetFeature"));
    peer.write(data(101, prefix(0), Flags.EndStream));
    assert.equal(await statusOf(peer, 101), OK);
    await victim.assertUnhurt();
  });

  test("4 MiB that a thousand streams declare, and do not send, are not reserved", async () => {
    using peer = await dialRaw(victim.address);
    peer.begin();
    for (let stream = 1; stream < 2000; stream += 2) {
      peer.request(stream, 0, requestOf("RecordRoute"));
      peer.write(data(stream, [...prefix(MAX_MESSAGE_BYTES), 8]));
    }
    // Answered only after all of them have been taken in.
    peer.write(frames.ping());
    await peer.frame(({ type, flags }) => type === frames.Type.Ping && flags === Flags.Ack);
    await victim.assertUnhurt();
  });

  test("a connection that is cut inside an envelope leaves nothing behind", async () => {
    for (let i = 0; i < 50; i++) {
      using peer = await dialRaw(victim.address);
      peer.begin();
      peer.request(1, 0, requestOf("RouteChat"));
      peer.write(data(1, [...prefix(100), 1, 2, 3]), frames.ping());
      await peer.frame(({ type }) => type === frames.Type.Ping);
    }
    await victim.assertUnhurt();
  });
});
