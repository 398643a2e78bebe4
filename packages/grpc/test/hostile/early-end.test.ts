import assert from "node:assert/strict";
import { test } from "node:test";
import { data, ErrorCode, Flags, reset, SettingId, Type, windowUpdate } from "../h2-peer-frames.js";
import { assertServes, HEAD, TRAILERS, Victim } from "./victim.js";

// The order of what ends a stream: answers must arrive whole, and what is dropped must not hold anything.

const BODY = new Uint8Array(1000);

test("an answer before the end of the request arrives whole, and then RST_STREAM(NO_ERROR) stops the request", () => {
  const victim = Victim.begun({ answers: false }, [SettingId.InitialWindowSize, 400]);
  victim.client.request(1, 0);
  victim.call.exchange.head(HEAD);
  victim.call.exchange.write(BODY, 0, BODY.length);
  victim.call.exchange.end(TRAILERS);
  victim.settle();
  assert.equal(victim.client.resetOf(1), undefined, "600 octets still wait");
  victim.client.write(windowUpdate(1, 600));
  assert.equal(victim.client.bodyOf(1).length, 1000);
  const types = victim.client.frames.filter(({ stream }) => stream === 1).map(({ type }) => type);
  assert.deepEqual([types[0], ...types.slice(-2)], [Type.Headers, Type.Headers, Type.Reset]);
  assert.equal(victim.client.resetOf(1), ErrorCode.NoError);
  victim.client.write(data(1, [1]), data(1, [], Flags.EndStream));
  assertServes(victim, 3);
});

test("a reset by the peer after it has ended its side closes the call once, with the peer's code", () => {
  const victim = Victim.begun({ answers: false });
  victim.client.request(1);
  assert.equal(victim.call.hasEnded, true);
  victim.client.write(reset(1, ErrorCode.Cancel));
  assert.equal(victim.call.closedWith, ErrorCode.Cancel);
  victim.call.answer();
  victim.settle();
  assert.equal(victim.client.ofType(Type.Headers, 1).length, 0);
  assertServes(victim, 3);
});

test("what a reset stream had queued is dropped before its RST_STREAM goes out", () => {
  const victim = Victim.begun({ answers: false }, [SettingId.InitialWindowSize, 400]);
  victim.client.request(1);
  victim.call.exchange.head(HEAD);
  victim.call.exchange.write(BODY, 0, BODY.length);
  victim.settle();
  victim.call.exchange.reset(ErrorCode.Internal);
  victim.settle();
  victim.client.write(windowUpdate(1, 600));
  assert.equal(victim.client.bodyOf(1).length, 400);
  assert.equal(victim.client.frames.at(-1)?.type, Type.Reset);
  assertServes(victim, 3);
});

test("after the end nothing that a handler does is sent", () => {
  const victim = Victim.begun({ answers: false });
  victim.client.request(1);
  victim.call.answer();
  victim.settle();
  victim.client.take();
  const { exchange } = victim.call;
  exchange.head(HEAD);
  assert.equal(exchange.write(BODY, 0, BODY.length), true);
  exchange.end(TRAILERS);
  exchange.reset(ErrorCode.Internal);
  exchange.consumed(1000);
  victim.settle();
  assert.deepEqual(victim.client.take(), []);
});

test("writing nothing sends nothing", () => {
  const victim = Victim.begun({ answers: false });
  victim.client.request(1);
  victim.call.exchange.head(HEAD);
  assert.equal(victim.call.exchange.write(BODY, 5, 5), true);
  victim.settle();
  assert.equal(victim.client.ofType(Type.Data).length, 0);
});
