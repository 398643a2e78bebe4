import assert from "node:assert/strict";
import { test } from "node:test";
import type { Fields } from "../../src/exchange.js";
import { encodeConstant } from "../../src/h2/hpack/encoder.js";
import {
  continuation,
  data,
  ErrorCode,
  Flags,
  frame,
  goAway,
  headers,
  reset,
  SettingId,
  settings,
  Type,
  windowUpdate,
} from "../h2-peer-frames.js";
import { Caller } from "./caller.js";

// Clients meet broken and hostile servers: each call ends with a code, and the next connection is good.

const OPEN = Flags.EndHeaders;
const WHOLE = Flags.EndHeaders | Flags.EndStream;

function fields(list: Fields, flags: number = OPEN): Uint8Array {
  return headers(1, encodeConstant([], list), flags);
}

function assertAnswers(caller: Caller, stream: number): void {
  const { answer } = caller.call();
  caller.server.respond(stream);
  caller.server.write(data(stream, [1, 2, 3]), headers(stream, encodeConstant(["grpc-status", "0"]), WHOLE));
  assert.deepEqual([answer.status, answer.bytes, answer.trailers], [200, 3, ["grpc-status", "0"]]);
  assert.equal(answer.closedWith, undefined);
}

test("responses that are malformed reset their stream and nothing else", () => {
  const ok = fields([":status", "200"]);
  const responses: [frames: Uint8Array[], name: string][] = [
    [[fields(["content-type", "text/plain"])], "malformed_response"],
    [[fields([":status", "abc"])], "malformed_response"],
    [[fields([":status", "101"])], "malformed_response"],
    [[fields([":status", "100"], WHOLE)], "malformed_response"],
    [[fields([":status", "200", ":path", "/"])], "malformed_response"],
    [[fields([":status", "200", "Upper", "1"])], "malformed_fields"],
    [[data(1, [1])], "malformed_response"],
    [[ok, fields(["grpc-status", "0"])], "malformed_trailers"],
    [[ok, fields([":status", "200"], WHOLE)], "malformed_trailers"],
    [[fields([":status", "200", "content-length", "2"]), data(1, [1], Flags.EndStream)], "content_length"],
    [[ok, windowUpdate(1, 0)], "window_increment"],
    [
      [headers(1, encodeConstant(["large", "~".repeat(16_000)], [":status", "200", "more", "~".repeat(300)]), OPEN)],
      "header_list",
    ],
  ];
  for (const [frames, name] of responses) {
    const caller = Caller.begun();
    const { answer } = caller.call();
    caller.server.write(...frames);
    assert.deepEqual(caller.violations, [name]);
    assert.notEqual(answer.closedWith, "open");
    assert.notEqual(answer.closedWith, undefined, "no call takes it for a good end");
    assert.equal(caller.server.resetOf(1), answer.closedWith);
    assertAnswers(caller, 3);
  }
});

test("interim responses stay below the call", () => {
  const caller = Caller.begun();
  const { answer } = caller.call();
  for (let i = 0; i < 5; i++) caller.server.write(fields([":status", "103", "link", "</a>"]));
  assert.equal(answer.status, undefined);
  caller.server.respond(1, Flags.EndStream);
  assert.equal(answer.status, 200);
  assert.equal(answer.closedWith, undefined);
});

test("more interim responses than anybody needs reset the stream", () => {
  const caller = Caller.begun();
  const { answer } = caller.call();
  for (let i = 0; i < 32; i++) caller.server.write(fields([":status", "103"]));
  assert.equal(answer.closedWith, "open");
  caller.server.write(fields([":status", "103"]));
  assert.deepEqual(caller.violations, ["interim_responses"]);
  assert.equal(caller.server.resetOf(1), ErrorCode.EnhanceYourCalm);
  assertAnswers(caller, 3);
});

test("what only clients may do ends the connection, and each call with it", () => {
  const wrong: [frames: Uint8Array[], code: number, name: string][] = [
    [[frame(Type.PushPromise, Flags.EndHeaders, 1, [0, 0, 0, 2, 0x82])], ErrorCode.Protocol, "push"],
    [[settings([SettingId.EnablePush, 1])], ErrorCode.Protocol, "settings_value"],
    [[headers(2, encodeConstant([":status", "200"]), WHOLE)], ErrorCode.Protocol, "idle_stream"],
    [[headers(3, encodeConstant([":status", "200"]), WHOLE)], ErrorCode.Protocol, "idle_stream"],
    [[reset(5)], ErrorCode.Protocol, "idle_stream"],
    [[headers(1, [0xff, 0x7f], OPEN)], ErrorCode.Compression, "compression"],
    [[frame(Type.Data, 0, 1, [], 16_385)], ErrorCode.FrameSize, "frame_too_large"],
    [
      [fields([":status", "200"], 0), ...Array.from({ length: 9 }, () => continuation(1, []))],
      ErrorCode.EnhanceYourCalm,
      "continuation_flood",
    ],
    [Array.from({ length: 20 }, () => settings()), ErrorCode.EnhanceYourCalm, "settings_flood"],
  ];
  for (const [frames, code, name] of wrong) {
    const caller = Caller.begun();
    const { answer } = caller.call();
    caller.server.write(...frames);
    assert.deepEqual(caller.violations, [name]);
    assert.deepEqual([caller.server.goneAway?.code, caller.server.goneAway?.name], [code, name]);
    assert.equal(answer.closedWith, -1);
    assert.deepEqual(caller.events, ["closed"]);
    assertAnswers(Caller.begun(), 1);
  }
});

test("HTTP/1 instead of HTTP/2 ends the connection", () => {
  const caller = new Caller();
  const { answer } = caller.call();
  caller.server.write(Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n", "latin1"));
  assert.equal(caller.violations.length, 1);
  assert.equal(answer.closedWith, -1);
});

test("calls that a GOAWAY says were not looked at may be tried again, the others go on", () => {
  const caller = Caller.begun();
  const [first, second] = [caller.call(), caller.call()];
  caller.server.write(goAway(1, ErrorCode.NoError));
  assert.equal(second.answer.closedWith, ErrorCode.RefusedStream);
  assert.equal(first.answer.closedWith, "open");
  assert.equal(caller.connection.openable, 0);
  assert.equal(caller.call().answer.closedWith, ErrorCode.RefusedStream);
  caller.server.respond(1, Flags.EndStream);
  assert.equal(first.answer.closedWith, undefined);
  assert.deepEqual(caller.events, ["draining", "closed"]);
});

test("a server that allows no stream holds calls back, and they leave when it allows them", () => {
  const caller = Caller.begun([SettingId.MaxConcurrentStreams, 0]);
  const { answer } = caller.call();
  assert.equal(caller.server.ofType(Type.Headers).length, 0);
  caller.server.write(settings([SettingId.MaxConcurrentStreams, 1]));
  assert.equal(caller.server.ofType(Type.Headers).length, 1);
  caller.server.respond(1, Flags.EndStream);
  assert.equal(answer.closedWith, undefined);
});

test("a server that answers on a stream that the client has reset harms nothing", () => {
  const caller = Caller.begun();
  const { exchange, answer } = caller.call();
  exchange.reset(ErrorCode.Cancel);
  caller.settle();
  caller.server.respond(1);
  caller.server.write(data(1, new Uint8Array(100)), windowUpdate(1, 5), reset(1));
  assert.equal(answer.status, undefined);
  assert.deepEqual(caller.violations, []);
  assertAnswers(caller, 3);
});
