import assert from "node:assert/strict";
import { test } from "node:test";
import { Registry } from "prom-client";
import { collect, deferred, EchoPair, failure } from "../../test/calls/harness.js";
import { Echo } from "../../test/gen/kinds/echo_pb.js";
import { Code, RpcError } from "../index.js";
import { clientMetrics, serverMetrics } from "./prometheus.js";
import { CallTotals } from "./prometheus-totals.js";

const UNARY = '{grpc_type="unary",grpc_service="kinds.Echo",grpc_method="Unary"}';
const withCode = (code: string) => UNARY.replace("}", `,grpc_code="${code}"}`);

/** The lines of a registry, by metric and labels. */
async function read(register: Registry): Promise<Map<string, string>> {
  const lines = (await register.metrics()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), line.slice(line.lastIndexOf(" ") + 1)]));
}

test("calls are counted by method and code, under the names of go-grpc-prometheus", async () => {
  const register = new Registry();
  await using pair = new EchoPair(
    {
      unary({ number }) {
        if (number === 0) throw new RpcError(Code.InvalidArgument, "zero");
        return { number };
      },
    },
    { server: { observer: serverMetrics({ register }) } },
  );
  for (const number of [1, 2, 3]) await pair.client.unary({ number });
  await failure(pair.client.unary({}), Code.InvalidArgument);
  const metrics = await read(register);
  assert.equal(metrics.get(`grpc_server_started_total${UNARY}`), "4");
  assert.equal(metrics.get(`grpc_server_handled_total${withCode("OK")}`), "3");
  assert.equal(metrics.get(`grpc_server_handled_total${withCode("InvalidArgument")}`), "1");
  assert.equal(metrics.get(`grpc_server_msg_received_total${UNARY}`), "4");
  assert.equal(metrics.get(`grpc_server_msg_sent_total${UNARY}`), "3");
  assert.equal(metrics.get(`grpc_server_in_flight${UNARY}`), "0");
  assert.equal(metrics.get(`grpc_server_handling_seconds_count${UNARY}`), "4");
  assert.equal(await read(register).then((again) => again.get(`grpc_server_started_total${UNARY}`)), "4");
});

test("a call in flight is counted as one until it has ended", async () => {
  const register = new Registry();
  const { promise, resolve } = deferred();
  await using pair = new EchoPair(
    {
      async unary() {
        await promise;
        return {};
      },
    },
    { server: { observer: serverMetrics({ register }) } },
  );
  const call = pair.client.unary({});
  await pair.settled();
  assert.equal((await read(register)).get(`grpc_server_in_flight${UNARY}`), "1");
  resolve();
  await call;
  assert.equal((await read(register)).get(`grpc_server_in_flight${UNARY}`), "0");
});

test("messages of streams are counted, and clients count as servers do", async () => {
  const [client, server] = [new Registry(), new Registry()];
  await using pair = new EchoPair(
    { bidiStream: () => [{ number: 1 }, { number: 2 }] },
    {
      client: { observer: clientMetrics({ register: client }) },
      server: { observer: serverMetrics({ register: server }) },
    },
  );
  await collect(pair.client.bidiStream([{}, {}, {}]));
  const labels = '{grpc_type="bidi_stream",grpc_service="kinds.Echo",grpc_method="BidiStream"}';
  const [ours, theirs] = [await read(client), await read(server)];
  assert.equal(ours.get(`grpc_client_msg_received_total${labels}`), "2");
  assert.equal(ours.get(`grpc_client_msg_sent_total${labels}`), "3");
  assert.equal(theirs.get(`grpc_server_msg_sent_total${labels}`), "2");
});

test("a duration counts in every bucket whose bound it does not pass", async () => {
  const register = new Registry();
  await using pair = new EchoPair(
    { unary: () => ({}) },
    { server: { observer: serverMetrics({ register, buckets: [1e-9, 1000] }) } },
  );
  await pair.client.unary({});
  const metrics = await read(register);
  const bucket = (le: string) =>
    metrics.get(`grpc_server_handling_seconds_bucket${UNARY.replace("}", `,le="${le}"}`)}`);
  assert.deepEqual([bucket("1e-9"), bucket("1000"), bucket("+Inf")], ["0", "1", "1"]);
  assert.ok(Number(metrics.get(`grpc_server_handling_seconds_sum${UNARY}`)) > 0);
});

test("a bound belongs to its bucket", () => {
  const totals = new CallTotals([1, 2]);
  const counted = totals.of(Echo.method.unary);
  for (const seconds of [1, 1.5, 2, 3]) counted.end(seconds, undefined);
  assert.deepEqual([...counted.buckets], [1, 2, 1]);
});

test("metrics leave in the OpenMetrics format, too, and as JSON", async () => {
  const register = new Registry();
  register.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
  await using pair = new EchoPair({ unary: () => ({}) }, { server: { observer: serverMetrics({ register }) } });
  await pair.client.unary({});
  const text = await register.metrics();
  assert.match(text, /^grpc_server_handled_total\{.*\} 1$/m);
  assert.match(text, /# EOF\n$/);
  const json = await register.getMetricsAsJSON();
  assert.ok(json.some(({ name, values }) => name === "grpc_server_handling_seconds" && values.length === 14));
});

test("buckets that do not ascend are refused", () => {
  for (const buckets of [[1, 1], [2, 1], [Number.NaN]]) {
    assert.throws(() => serverMetrics({ register: new Registry(), buckets }), RangeError);
  }
});
