import assert from "node:assert/strict";
import { test } from "node:test";
import { type Fields, ResetCode } from "../../src/exchange.js";
import { encodeConstant } from "../../src/h2/hpack/encoder.js";
import { REQUEST } from "../h2-peer.js";
import { data, ErrorCode, Flags, frame, headers, readUint32, reset, Type, windowUpdate } from "../h2-peer-frames.js";
import { assertEnded, assertReset, Victim } from "./victim.js";

const WHOLE = Flags.EndHeaders | Flags.EndStream;

test("lists of fields that RFC 9113 calls malformed reset the stream", () => {
  const lists: [fields: Fields, name: string][] = [
    [["a", "1", ...REQUEST], "malformed_fields"],
    [[...REQUEST, "Upper", "1"], "malformed_fields"],
    [[...REQUEST, "a", "1\r\nb: 2"], "malformed_fields"],
    [[...REQUEST, "a\n", "1"], "malformed_fields"],
    [[...REQUEST, "a", "\0"], "malformed_fields"],
    [[":unknown", "1", ...REQUEST], "malformed_request"],
    [[":status", "200", ...REQUEST], "malformed_request"],
    [[":path", "/", ...REQUEST], "malformed_request"],
    [[":method", "GET", ":scheme", "http", ":path", ""], "malformed_request"],
    [[":method", "GET", ":path", "/"], "malformed_request"],
    [[...REQUEST, "connection", "close"], "malformed_request"],
    [[...REQUEST, "transfer-encoding", "chunked"], "malformed_request"],
    [[...REQUEST, "te", "gzip"], "malformed_request"],
  ];
  for (const [fields, name] of lists) {
    const victim = Victim.begun();
    victim.client.write(headers(1, encodeConstant([], fields), WHOLE));
    assert.equal(victim.calls.length, 0, fields.join());
    assertReset(victim, 1, ErrorCode.Protocol, name);
  }
});

test("pseudo-header fields in trailers reset the stream", () => {
  const victim = Victim.begun();
  victim.client.request(1, 0);
  victim.client.write(headers(1, encodeConstant([":path", "/"]), WHOLE));
  assert.equal(victim.call.closedWith, ErrorCode.Protocol);
  assertReset(victim, 1, ErrorCode.Protocol, "malformed_trailers");
});

test("frames on streams that cannot have them are connection errors", () => {
  const request = encodeConstant([], REQUEST);
  const wrong: [frames: Uint8Array[], code: number, name: string][] = [
    [[headers(0, request, WHOLE)], ErrorCode.Protocol, "frame_stream"],
    [[headers(2, request, WHOLE)], ErrorCode.Protocol, "stream_id"],
    [[headers(5, request, WHOLE), headers(3, request, WHOLE)], ErrorCode.Protocol, "stream_id"],
    [[data(1, [1])], ErrorCode.Protocol, "idle_stream"],
    [[data(0, [1])], ErrorCode.Protocol, "frame_stream"],
    [[frame(Type.PushPromise, Flags.EndHeaders, 1, [0, 0, 0, 2, ...request])], ErrorCode.Protocol, "push"],
  ];
  for (const [frames, code, name] of wrong) {
    const victim = Victim.begun();
    victim.client.write(...frames);
    assertEnded(victim, code, name);
  }
});

test("HEADERS on a stream that both sides have ended are a connection error", () => {
  const victim = Victim.begun();
  victim.client.request(1);
  victim.client.request(1);
  assertEnded(victim, ErrorCode.StreamClosed, "closed_stream");
});

test("a stream that we have reset takes nothing more once its peer has reset it too", () => {
  for (const [frames, code] of [
    [[data(1, [1])], ErrorCode.StreamClosed],
    [[headers(1, encodeConstant([], REQUEST), WHOLE)], ErrorCode.StreamClosed],
  ] as const) {
    const victim = Victim.begun({ answers: false });
    victim.client.request(1, 0);
    victim.call.exchange.reset(ResetCode.Cancel);
    victim.settle();
    victim.client.write(data(1, [1]));
    assert.equal(victim.client.ofType(Type.Reset, 1).length, 1, "what was on its way is no offence");
    victim.client.write(reset(1, ErrorCode.Cancel), ...frames);
    const last = victim.client.ofType(Type.Reset, 1)[1];
    assert.equal(victim.client.goneAway?.code ?? (last && readUint32(last.payload, 0)), code);
  }
});

test("a WINDOW_UPDATE of 0 is an error on a stream that has ended, too", () => {
  const victim = Victim.begun();
  victim.client.request(1);
  victim.client.write(windowUpdate(1, 0));
  assertReset(victim, 1, ErrorCode.Protocol, "window_increment");
});
