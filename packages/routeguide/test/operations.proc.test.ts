/** `routeguide serve` as those who run it see it: probes, metrics, logs, the admin port, the Unix socket. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { createClient } from "@routeguide/grpc";
import { Health, ServingStatus } from "@routeguide/grpc/health";
import { dial } from "@routeguide/grpc/node";
import { RouteGuide } from "../src/contract/gen/routeguide/route_guide_pb.js";
import { Command, PLACES, runCommand, serveCommand } from "./command.js";

const folder = mkdtempSync(join(tmpdir(), "routeguide-operations-"));
after(() => rmSync(folder, { recursive: true }));

/** A server with an admin port. */
async function serve(...args: string[]) {
  const server = await serveCommand(["--places", PLACES, "--admin", "127.0.0.1:0", ...args]);
  const [, at = ""] = await server.until("stderr", /^ +admin +(\S+)$/m);
  const ask = (path: string, init?: RequestInit) => fetch(`http://${at}${path}`, init);
  return Object.assign(server, { ask, at });
}

/** Entries of a log in JSON. */
const entriesOf = (stderr: string): Readonly<Record<string, unknown>>[] =>
  stderr
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

suite("the admin port", () => {
  test("has metrics of calls, of what is served, and of the process", async () => {
    await using server = await serve();
    await using transport = dial(`http://${server.address}`);
    const client = createClient(RouteGuide, transport);
    for (let i = 0; i < 3; i++) await client.getFeature({ latitude: i });
    await client.getFeature({ latitude: 900_000_001 }).catch(() => {});
    const metrics = await (await server.ask("/metrics")).text();
    const labels = 'grpc_type="unary",grpc_service="routeguide.RouteGuide",grpc_method="GetFeature"';
    assert.ok(metrics.includes(`grpc_server_handled_total{${labels},grpc_code="OK"} 3\n`), metrics);
    assert.ok(metrics.includes(`grpc_server_handled_total{${labels},grpc_code="InvalidArgument"} 1\n`), metrics);
    assert.match(metrics, /^routeguide_places 4$/m);
    assert.match(metrics, /^process_cpu_user_seconds_total /m);
  });

  test("answers while the server is under load", async () => {
    await using server = await serve();
    await using transport = dial(`http://${server.address}`, { connections: 2 });
    const client = createClient(RouteGuide, transport);
    let isOver = false;
    let calls = 0;
    const callers = Array.from({ length: 200 }, async () => {
      for (; !isOver; calls++) await client.getFeature({ latitude: calls });
    });
    for (let i = 0; i < 20; i++) {
      const answers = await Promise.all(["/livez", "/readyz", "/metrics"].map((path) => server.ask(path)));
      for (const answer of answers) {
        assert.equal(answer.status, 200);
        await answer.text();
      }
    }
    isOver = true;
    await Promise.all(callers);
    const metrics = await (await server.ask("/metrics")).text();
    assert.match(metrics, new RegExp(`grpc_server_started_total\\{.*GetFeature"\\} ${calls}\\n`));
    assert.match(metrics, /grpc_server_in_flight\{.*GetFeature"\} 0\n/);
  });

  test("holds no more connections than it can use, and is there again when they have gone", async () => {
    await using server = await serve();
    const agent = new Agent({ keepAlive: true });
    // Each keeps its connection: the answer is not read.
    const asked = Array.from({ length: 150 }, () => {
      const request = get(`http://${server.at}/livez`, { agent });
      return new Promise<boolean>((resolve) => {
        request.on("response", () => resolve(true)).on("error", () => resolve(false));
      });
    });
    const answered = (await Promise.all(asked)).filter((isAnswered) => isAnswered).length;
    assert.equal(answered, 100);
    agent.destroy();
    for (;;)
      if (
        await server.ask("/livez").then(
          ({ ok }) => ok,
          () => false,
        )
      )
        break;
  });

  test("says that the server is not ready, and so does its health, before the port closes", async () => {
    await using server = await serve("--lame-duck-seconds", "3600");
    await using transport = dial(`http://${server.address}`);
    const watching = createClient(Health, transport).watch({ service: "routeguide.RouteGuide" });
    const statuses = watching[Symbol.asyncIterator]();
    assert.equal((await statuses.next()).value?.status, ServingStatus.SERVING);
    assert.equal((await server.ask("/readyz")).status, 200);
    server.child.kill("SIGTERM");
    assert.equal((await statuses.next()).value?.status, ServingStatus.NOT_SERVING);
    assert.equal((await server.ask("/readyz")).status, 503);
    assert.equal((await server.ask("/livez")).status, 200);
    // A new connection is still taken, and its call answered.
    const late = await runCommand(["get", "40,-75", "--address", server.address]);
    assert.equal(late.code, 0, late.stderr);
  });

  test("changes the level of the log while the server runs", async () => {
    await using server = await serve();
    await runCommand(["get", "1,2", "--address", server.address]);
    assert.doesNotMatch(server.stderr, /GetFeature/);
    assert.equal((await server.ask("/log-level", { method: "PUT", body: "debug" })).status, 200);
    await runCommand(["get", "1,2", "--address", server.address]);
    await server.until("stderr", /debug call method=routeguide\.RouteGuide\/GetFeature/);
  });

  test("is not opened to other machines by mistake", async () => {
    const start = ["serve", "--listen", "127.0.0.1:0", "--notes", "memory", "--places", PLACES];
    const { code, stderr } = await runCommand([...start, "--admin", ":9464"]);
    assert.equal(code, 64);
    assert.match(
      stderr,
      /^routeguide: --admin could be reached from other machines: make it 127\.0\.0\.1:9464, or add --admin-public\n$/,
    );
    await using open = await serveCommand(["--places", PLACES, "--admin", "0.0.0.0:0", "--admin-public"]);
    const [, port] = await open.until("stderr", /admin +0\.0\.0\.0:(\d+)/);
    assert.equal((await fetch(`http://127.0.0.1:${port}/livez`)).status, 200);
  });

  test("that is taken keeps the server from starting", async () => {
    await using server = await serve();
    const start = ["serve", "--listen", "127.0.0.1:0", "--notes", "memory", "--places", PLACES, "--admin", server.at];
    const { code, stderr } = await runCommand(start);
    assert.equal(code, 1);
    assert.match(stderr, /^routeguide: the admin port cannot be opened on \S+: address already in use/);
  });
});

suite("the log", () => {
  test("is lines of JSON when nobody looks, from the first to the last", async () => {
    const start = ["serve", "--listen", "127.0.0.1:0", "--notes", "memory", "--places", PLACES, "--access-log"];
    await using server = new Command(start, { env: { ROUTEGUIDE_LOG_FORMAT: "auto" } });
    const [, address = ""] = await server.until("stderr", /"address":"(.*?)".*\n/);
    await using transport = dial(`http://${address}`);
    const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
    await createClient(RouteGuide, transport).getFeature({ latitude: 1 }, { headers });
    await server.until("stderr", /"msg":"call".*\n/);
    server.child.kill("SIGTERM");
    assert.equal(await server.exitCode(), 0);
    const [serving, call, ...rest] = entriesOf(server.stderr);
    assert.deepEqual([serving?.["msg"], serving?.["places"], serving?.["notes"]], ["serving", 4, "memory"]);
    const { method, code, trace_id, messagesIn, bytesOut } = call ?? {};
    assert.deepEqual([method, code, trace_id], ["routeguide.RouteGuide/GetFeature", "OK", traceId]);
    assert.deepEqual([messagesIn, typeof bytesOut], [1, "number"]);
    assert.deepEqual(
      rest.map(({ msg }) => msg),
      ["stopping", "stopped"],
    );
  });
});

suite("a Unix socket beside the port", () => {
  test("answers the same calls", async () => {
    const path = join(folder, "beside.sock");
    await using server = await serveCommand(["--places", PLACES, "--uds", path]);
    await server.until("stderr", new RegExp(`and +unix:${path}`));
    for (const address of [server.address, `unix:${path}`]) {
      const { code, stdout } = await runCommand(["get", "40,-75", "--address", address]);
      assert.equal(code, 0);
      assert.match(stdout, /On the corner/);
    }
    server.child.kill("SIGTERM");
    assert.equal(await server.exitCode(), 0, server.stderr);
  });
});

suite("routeguide health", () => {
  test("exits with 0 if the server serves, and its service", async () => {
    await using server = await serveCommand(["--places", PLACES]);
    for (const service of [[], ["routeguide.RouteGuide"]]) {
      const { code, stdout, stderr } = await runCommand(["health", ...service, "--address", server.address]);
      assert.deepEqual([code, stdout, stderr], [0, "SERVING\n", ""]);
    }
  });

  test("exits with 1 whatever is wrong: nobody there, an unknown service, a server that stops", async () => {
    await using server = await serve("--lame-duck-seconds", "3600");
    const unknown = await runCommand(["health", "other.Service", "--address", server.address]);
    assert.equal(unknown.code, 1);
    assert.match(unknown.stderr, /^routeguide: NOT_FOUND/);
    server.child.kill("SIGTERM");
    await server.until("stderr", /Stopping/);
    const stopping = await runCommand(["health", "--address", server.address]);
    assert.deepEqual([stopping.code, stopping.stdout], [1, ""]);
    assert.match(stopping.stderr, /NOT_SERVING/);
    const nobody = await runCommand(["health", "--address", `unix:${join(folder, "nobody.sock")}`]);
    assert.equal(nobody.code, 1);
    assert.match(nobody.stderr, /^routeguide: UNAVAILABLE/);
  });
});

suite("reflection", () => {
  test("can be left out", async () => {
    await using server = await serveCommand(["--places", PLACES, "--no-reflection"]);
    await using transport = dial(`http://${server.address}`);
    const { ServerReflection } = await import("@routeguide/grpc/reflection");
    const asked = createClient(ServerReflection, transport).serverReflectionInfo([{}]);
    await assert.rejects(asked[Symbol.asyncIterator]().next(), /UNIMPLEMENTED/);
  });
});
