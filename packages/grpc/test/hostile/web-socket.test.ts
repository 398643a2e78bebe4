import assert from "node:assert/strict";
import { test } from "node:test";
import { FrameType } from "../../src/carrier/web-socket-wire.js";
import { ResetCode } from "../../src/exchange.js";
import { credit, data, frame, head, reset, SocketVictim, text } from "../web-socket-peer.js";

const KIB = 1024;
const block = (...fields: string[]) => ({ fields });

/** What ends the whole socket: its name, the frames, and the code of the close. */
const OFFENCES: readonly [name: string, frames: readonly Uint8Array[], code: number][] = [
  ["frame_size", [Uint8Array.of(1, 2, 3)], 1002],
  ["frame_size", [head(1).subarray(0, 12)], 1002],
  ["frame_size", [Uint8Array.of(FrameType.Data, 0xff, 0xff, 0xff, 0, 0, 0, 1)], 1002],
  ["frame_size", [head(1), frame(FrameType.Credit, 1, [1])], 1002],
  ["frame_size", [head(1), frame(FrameType.Reset, 1)], 1002],
  ["frame_call", [head(0)], 1002],
  ["frame_call", [head(1), frame(FrameType.End, 1), data(1, 1)], 1002],
  ["frame_call", [head(1), frame(FrameType.End, 1), frame(FrameType.End, 1)], 1002],
  ["call_number", [head(2), head(1)], 1002],
  ["call_number", [head(1), head(1)], 1002],
  ["idle_call", [data(1, 1)], 1002],
  ["idle_call", [head(1), reset(2, 8)], 1002],
  ["malformed_head", [head(1, "no slash")], 1002],
  ["malformed_head", [frame(FrameType.Head, 1)], 1002],
  ["malformed_fields", [head(1, "/a", ["Upper", "1"])], 1002],
  ["malformed_fields", [head(1, "/a", ["", "1"])], 1002],
  ["malformed_fields", [head(1, "/a", ["a", "1\0"])], 1002],
  ["malformed_fields", [head(1, "/a", ["a", "1\nb: 2"])], 1002],
  ["malformed_fields", [head(1), frame(FrameType.End, 1, Buffer.from("a: b\r\n"))], 1002],
  ["empty_data", [head(1), data(1, 0)], 1002],
  ["credit_exceeded", [head(1), data(1, 40 * KIB), data(1, 25 * KIB)], 1002],
  ["credit_overflow", [head(1), credit(1, 0)], 1002],
  ["credit_overflow", [head(1), credit(1, 0x7fffffff)], 1002],
  ["credit_overflow", [head(1), credit(1, 0xffffffff)], 1002],
];

for (const [i, [name, frames, code]] of OFFENCES.entries()) {
  test(`an offence on a WebSocket closes it with its name, and its calls with it: ${name}, ${i}`, () => {
    const victim = new SocketVictim();
    victim.receive(...frames);
    assert.deepEqual(victim.closed, [code, name]);
    for (const call of victim.calls) assert.equal(call.code, ResetCode.ConnectionLost);
  });
}

test("calls beyond the limit are refused, and so is one whose fields are too many or too long", () => {
  const victim = new SocketVictim({ maxCalls: 2, maxHeaderListBytes: 1000, maxHeaderFields: 5 });
  victim.receive(
    head(1, "/a", ["long", "x".repeat(1000)]),
    head(2, "/a", Array(12).fill("x")),
    head(3),
    head(4),
    head(5),
  );
  assert.deepEqual(
    victim.socket.ofType(FrameType.Reset).map(({ call, content }) => [call, content[3]]),
    [
      [1, ResetCode.EnhanceYourCalm],
      [2, ResetCode.EnhanceYourCalm],
      [5, ResetCode.RefusedStream],
    ],
  );
  assert.equal(victim.calls.length, 2);
});

test("calls that are opened and reset at once keep their places until their handlers have settled", () => {
  const victim = new SocketVictim({ maxCalls: 10 }, (call) => {
    call.releases = false;
  });
  for (let i = 1; i <= 100; i++) victim.receive(head(i), reset(i, ResetCode.Cancel));
  assert.equal(victim.calls.length, 10);
  for (const { exchange } of victim.calls) exchange.release();
  for (let i = 101; i <= 200; i++) victim.receive(head(i), reset(i, ResetCode.Cancel));
  assert.equal(victim.calls.length, 20);
  assert.equal(victim.closed, undefined);
});

test("a flood of resets closes the socket", () => {
  const victim = new SocketVictim({ resets: 50, resetsPerSecond: 1 });
  for (let i = 1; i <= 51; i++) victim.receive(head(i), reset(i, ResetCode.Cancel));
  assert.deepEqual(victim.closed, [1008, "too_many_resets"]);
  assert.equal(victim.calls.length, 51);
});

test("a peer that gives endless credit and reads nothing makes the server hold a bounded number of bytes", () => {
  const chunk = new Uint8Array(16 * KIB);
  const victim = new SocketVictim({}, ({ exchange }) => exchange.head(block()));
  victim.socket.isStuck = true;
  let produced = 0;
  for (let i = 1; i <= 50; i++) {
    victim.receive(head(i), credit(i, 0x7ffe0000));
    const call = victim.calls[i - 1];
    while (call?.exchange.write(chunk, 0, chunk.length)) produced += chunk.length;
    victim.settle();
  }
  assert.ok(
    victim.socket.bufferedBytes <= 256 * KIB + 64 * KIB + 50 * 100,
    `${victim.socket.bufferedBytes} bytes wait`,
  );
  assert.ok(produced <= 50 * 2 * 64 * KIB, `${produced} bytes were produced`);
  assert.equal(victim.closed, undefined);
});

test("calls whose reader takes nothing are reset, those that move are not", () => {
  const victim = new SocketVictim({ stallMs: 20_000 }, ({ exchange }) => exchange.head(block()));
  const bytes = new Uint8Array(200 * KIB);
  victim.receive(head(1), head(2));
  for (const call of victim.calls) call.exchange.write(bytes, 0, bytes.length);
  victim.settle();
  victim.tick(1000);
  victim.tick(10_000);
  victim.receive(credit(2, 1000));
  victim.tick(10_000);
  assert.equal(victim.calls[0]?.code, ResetCode.EnhanceYourCalm);
  assert.equal(victim.calls[1]?.isClosed, false);
  assert.deepEqual(text(victim.socket.ofType(FrameType.Head)[0]?.content ?? new Uint8Array(0)), "200");
});

test("frames other than bodies that nobody takes close the socket in the end", () => {
  const victim = new SocketVictim({ maxCalls: 0, maxControlBytes: 10 * KIB });
  victim.socket.isStuck = true;
  for (let i = 1; i < 100_000 && victim.closed === undefined; i++) victim.receive(head(i));
  assert.deepEqual(victim.closed, [1008, "control_queue"]);
  assert.ok(victim.socket.bufferedBytes < 300 * KIB);
});

test("frames of types that nobody knows, and late frames of closed calls, are left alone", () => {
  const victim = new SocketVictim();
  victim.receive(frame(77, 12, [1, 2, 3]), head(1), reset(1, 8), data(1, 100), frame(FrameType.End, 1), credit(1, 5));
  assert.equal(victim.closed, undefined);
  assert.equal(victim.calls[0]?.received, 0);
});

test("an idle socket is asked to close, and closed if it does not", () => {
  const victim = new SocketVictim({ idleMs: 60_000, keepaliveTimeoutMs: 20_000 });
  victim.receive(head(1), frame(FrameType.End, 1));
  victim.tick(100_000);
  assert.equal(victim.socket.ofType(FrameType.Drain).length, 0, "a call is running");
  victim.calls[0]?.exchange.end(block("grpc-status", "0"));
  victim.settle();
  victim.tick(60_000);
  assert.equal(victim.socket.ofType(FrameType.Drain).length, 1);
  assert.equal(victim.closed, undefined);
  victim.tick(20_000);
  assert.equal(victim.closed?.[0], 1001);
});
