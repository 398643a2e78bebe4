import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient, createServer } from "@routeguide/grpc";
import { inMemory } from "@routeguide/grpc/testing";
import { RouteGuide } from "../contract/gen/routeguide/route_guide_pb.js";
import { type CallLogOptions, callLogs } from "./call-logs.js";
import type { Log } from "./log.js";

type Entry = Readonly<Record<string, unknown>>;

/** What is logged of one call of GetFeature, by level. */
async function logged(options: Partial<CallLogOptions>, level: string, headers: Record<string, string> = {}) {
  const entries: [level: string, message: string, fields: Entry][] = [];
  const at = (level: string) => (fields: object, message: string) => void entries.push([level, message, { ...fields }]);
  const log: Log = {
    level,
    isLevelEnabled: () => level === "debug",
    error: at("error"),
    warn: at("warn"),
    info: at("info"),
    debug: at("debug"),
  };
  const observer = callLogs(log, { accessLog: false, slowCallMs: 0, ...options });
  const server = createServer({ observer }).service(RouteGuide, { getFeature: () => ({ name: "here" }) });
  await using transport = inMemory(server);
  await createClient(RouteGuide, transport).getFeature({ latitude: 1 }, { headers });
  return entries;
}

test("the access log has a line a call at the level info", async () => {
  const [[level, message, fields] = assert.fail("nothing was logged"), ...more] = await logged(
    { accessLog: true },
    "info",
  );
  assert.deepEqual([level, message, more], ["info", "call", []]);
  const { ms, ...rest } = fields;
  assert.equal(typeof ms, "number");
  assert.deepEqual(rest, {
    method: "routeguide.RouteGuide/GetFeature",
    peer: "memory",
    protocol: "grpc",
    code: "OK",
    messagesIn: 1,
    bytesIn: 2,
    messagesOut: 1,
    bytesOut: 11,
  });
});

test("without an access log calls are entries of the level debug", async () => {
  assert.deepEqual(await logged({}, "info"), []);
  assert.equal((await logged({}, "debug"))[0]?.[0], "debug");
});

test("a slow call is a warning", async () => {
  const levels = (await logged({ slowCallMs: 1e-9 }, "info")).map(([level, message]) => [level, message]);
  assert.deepEqual(levels, [["warn", "slow call"]]);
  assert.deepEqual(await logged({ slowCallMs: 3_600_000 }, "info"), []);
});

test("an entry names the trace that the caller sent", async () => {
  const [traceId, spanId] = ["4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"];
  const traceparent = `00-${traceId}-${spanId}-01`;
  const [[, , fields] = assert.fail("nothing was logged")] = await logged({ accessLog: true }, "info", { traceparent });
  assert.deepEqual([fields["trace_id"], fields["span_id"]], [traceId, spanId]);
});
