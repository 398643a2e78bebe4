import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { on, once } from "node:events";
import { suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Code, createClient } from "../../src/index.js";
import { dial } from "../../src/node.js";
import { Echo } from "../gen/kinds/echo_pb.js";
import { failure } from "./harness.js";
import type { Report } from "./waiting-server.js";

const CALLS = 1000;
const CONNECTIONS = 5;

/** The first report for which this holds. */
async function reported<T extends Report>(child: ChildProcess, isWanted: (report: Report) => report is T): Promise<T> {
  for await (const [report] of on(child, "message")) if (isWanted(report)) return report;
  return assert.fail("no such report");
}

const hasAddress = (report: Report): report is { address: string } => typeof report === "object" && "address" in report;
const allWait = (report: Report): report is { waiting: number } =>
  typeof report === "object" && "waiting" in report && report.waiting === CALLS;
const isDraining = (report: Report): report is "draining" => report === "draining";

suite("SIGTERM with 1,000 calls in flight over 5 connections", () => {
  for (const engine of ["own", "node"] as const) {
    test(`${engine} client: all end well, new ones get UNAVAILABLE, and the process ends with code 0`, async () => {
      const child = fork(fileURLToPath(new URL("waiting-server.js", import.meta.url)));
      const exited = once(child, "exit");
      try {
        const { address } = await reported(child, hasAddress);
        const waiting = reported(child, allWait);
        await using transport = dial(`http://${address}`, { engine, connections: CONNECTIONS });
        const client = createClient(Echo, transport);
        const calls = Array.from({ length: CALLS }, (_, number) => client.unary({ number }));
        await waiting;
        const draining = reported(child, isDraining);
        child.kill("SIGTERM");
        await draining;
        await Promise.all(Array.from({ length: 20 }, () => failure(client.unary({}), Code.Unavailable)));
        await using newcomer = dial(`http://${address}`, { engine });
        await failure(createClient(Echo, newcomer).unary({}), Code.Unavailable);
        child.send("go on");
        const replies = await Promise.all(calls);
        assert.deepEqual(
          replies.map(({ number }) => number),
          Array.from({ length: CALLS }, (_, number) => number),
        );
        assert.deepEqual(await exited, [0, null]);
      } finally {
        child.kill("SIGKILL");
      }
    });
  }
});
