import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { ENGINE } from "../command.js";
import { dialRaw, frames, requestOf } from "./raw-peer.js";
import { serveVictim, type Victim } from "./victim.js";

const { data, ErrorCode, Flags, ping, reset, Type } = frames;
const STREAMS = 10_000;

let victim: Victim;
before(async () => {
  victim = await serveVictim();
});
after(() => victim[Symbol.asyncDispose]());

suite(`${STREAMS} streams that are opened and dropped`, () => {
  test("by resets: the connection is told to calm down, and another is served", async () => {
    using peer = await dialRaw(victim.address);
    peer.begin();
    const block = requestOf("RouteChat");
    for (let i = 0; i < STREAMS; i++) {
      peer.request(2 * i + 1, 0, block);
      peer.write(reset(2 * i + 1));
    }
    await peer.ended();
    const { code, name } = peer.goneAway ?? {};
    // nghttp2 counts them, too, and has another code for it. Either may be the last that leaves.
    if (ENGINE === "node") assert.ok(code === ErrorCode.EnhanceYourCalm || code === ErrorCode.Internal, `${code}`);
    else assert.deepEqual([code, name], [ErrorCode.EnhanceYourCalm, "peer_resets"]);
    await victim.assertUnhurt();
  });

  test("by cutting connections that have a thousand open chats each", async () => {
    const block = requestOf("RouteChat");
    const note = [0, 0, 0, 0, 4, 10, 0, 18, 0];
    for (let opened = 0; opened < STREAMS; opened += 1000) {
      using peer = await dialRaw(victim.address);
      peer.begin();
      for (let stream = 1; stream < 2000; stream += 2) {
        peer.request(stream, 0, block);
        peer.write(data(stream, note));
      }
      peer.write(ping());
      await peer.frame(({ type, flags }) => type === Type.Ping && flags === Flags.Ack);
    }
    await victim.assertUnhurt();
  });

  test("more than a connection may have at a time are refused, and the others go on", async () => {
    using peer = await dialRaw(victim.address);
    // It has not read the server's SETTINGS, or else it would know better.
    peer.write(frames.CLIENT_PREFACE, frames.settings([]));
    const block = requestOf("GetFeature");
    for (let i = 0; i < 1100; i++) peer.request(2 * i + 1, 0, block);
    peer.write(data(1, [0, 0, 0, 0, 0], Flags.EndStream));
    await peer.frame(({ type, stream, flags }) => type === Type.Headers && stream === 1 && flags % 2 === 1);
    assert.equal(peer.resetOf(2199), ErrorCode.RefusedStream);
    assert.equal(peer.ofType(Type.Reset).length, 100);
    await victim.assertUnhurt();
  });
});
