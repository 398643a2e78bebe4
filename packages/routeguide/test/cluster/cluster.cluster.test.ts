import assert from "node:assert/strict";
import { test } from "node:test";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { Code, RpcError } from "@routeguide/grpc";
import { runCommand } from "../command.js";
import { NatsServer } from "./nats-server.js";
import { assertWhole, Node, Poster } from "./node.js";

const AWAY = /NATS is away/;
const BACK = /NATS is back/;

test("Notes posted at three servers arrive at all of them in one order", async () => {
  await using nats = await NatsServer.start();
  const nodes = await Promise.all([1, 2, 3].map(() => Node.start(nats)));
  try {
    const listeners = nodes.map((node) => node.chat());
    for (const [i, listener] of listeners.entries()) {
      listener.say([407_838_351, -746_143_763, `listener ${i}`]);
      await listener.hear(i + 1);
    }
    // The first ones heard the others come.
    await listeners[0]?.hear(2);
    await listeners[1]?.hear(1);
    const posters = nodes.map((node, i) => new Poster(node, `node ${i}`));
    await Promise.all(posters.map((poster) => poster.until(60, 3)));
    const heard = await Promise.all(listeners.map((listener) => listener.hear(180)));
    assert.deepEqual(heard[1], heard[0]);
    assert.deepEqual(heard[2], heard[0]);
    assertWhole(heard[0] ?? [], posters);
    for (const node of nodes) {
      assert.deepEqual((await node.history("and now?")).slice(3, 183), heard[0]);
      assert.equal(await node.gauge("routeguide_nats_connected"), 1);
      assert.equal(await node.gauge("routeguide_nats_notes_waiting"), 0);
    }
    for (const listener of listeners) listener.cancel();
    await Promise.all(posters.map((poster) => poster.end()));
    assert.deepEqual(await Promise.all(nodes.map((node) => node.stop())), [0, 0, 0]);
  } finally {
    for (const node of nodes) await node[Symbol.asyncDispose]();
  }
});

test("After kill -9 of a server, the others have all that it answered, and so has one that comes late", async () => {
  await using nats = await NatsServer.start();
  await using here = await Node.start(nats);
  await using there = await Node.start(nats);
  const poster = new Poster(here, "poster");
  const posting = poster.until(Number.POSITIVE_INFINITY, 4);
  const other = new Poster(there, "other");
  await other.until(100, 1);
  here.command.child.kill("SIGKILL");
  await assert.rejects(posting, RpcError);
  assert.ok(poster.answered.length > 0);
  await other.until(120, 1);
  const history = await there.history("what is kept?");
  assertWhole(history, [poster, other]);
  await using late = await Node.start(nats);
  assert.deepEqual((await late.history("and here?")).slice(0, -1), history);
});

test("When NATS is killed in mid-post and comes back, posts go on, nothing is lost and nothing is there twice", async () => {
  await using nats = await NatsServer.start();
  await using one = await Node.start(nats);
  await using other = await Node.start(nats);
  const posters = [new Poster(one, "one"), new Poster(one, "batches"), new Poster(other, "other")];
  const post = (count: number) => Promise.all(posters.map((poster, i) => poster.until(count, [1, 7, 1][i] ?? 1)));
  await post(30);
  for (const count of [60, 90]) {
    const posting = post(count);
    await posters[0]?.reached(count - 20);
    await nats.kill();
    await nats.start();
    await posting;
  }
  const history = await one.history("what is kept?");
  assertWhole(history, posters);
  assert.deepEqual((await other.history("and here?")).slice(0, -1), history);
  assert.match(one.command.stderr, AWAY);
  await one.command.until("stderr", BACK);
  await Promise.all(posters.map((poster) => poster.end()));
});

test("When the one of three servers of NATS that leads is killed, posts go on, nothing is lost and nothing is there twice", async () => {
  const servers = await NatsServer.startCluster();
  try {
    const nats = { url: servers.map(({ url }) => url).join(",") };
    const patient = ["--nats-replicas", "3", "--nats-timeout-seconds", "60"];
    await using one = await Node.start(nats, patient);
    await using other = await Node.start(nats, patient);
    const posters = [new Poster(one, "one"), new Poster(one, "batches"), new Poster(other, "other")];
    const post = (count: number) => Promise.all(posters.map((poster, i) => poster.until(count, [1, 7, 1][i] ?? 1)));
    await post(30);
    const leading = servers["abc".indexOf(await leaderOf(servers[0].url))];
    const posting = post(90);
    await posters[0]?.reached(50);
    await leading?.kill();
    await posting;
    await leading?.start();
    const history = await one.history("what is kept?");
    assertWhole(history, posters);
    assert.deepEqual((await other.history("and here?")).slice(0, -1), history);
    await using late = await Node.start(nats, patient);
    assert.deepEqual((await late.history("and late?")).slice(0, -2), history);
    await Promise.all(posters.map((poster) => poster.end()));
  } finally {
    for (const server of servers) await server[Symbol.asyncDispose]();
  }
});

test("While most servers of NATS are gone posts are refused, probes are told, and then all is as before", async () => {
  const servers = await NatsServer.startCluster();
  try {
    const options = ["--nats-replicas", "3", "--nats-timeout-seconds", "5"];
    await (await Node.start(servers[0], options))[Symbol.asyncDispose]();
    const leading = await leaderOf(servers[0].url);
    const [here, ...others] = ["a", "b", "c"]
      .map((name, i) => ({ name, server: servers[i] as NatsServer }))
      .sort((one, other) => Number(one.name === leading) - Number(other.name === leading))
      .map(({ server }) => server);
    await using node = await Node.start(here as NatsServer, options);
    await node.history("before");
    for (const server of others) await server.kill();
    await node.command.until("stderr", /NATS has no leader for the stream of notes/);
    assert.equal((await node.ask("/readyz")).status, 503);
    assert.equal(await node.gauge("routeguide_nats_connected"), 1);
    await assert.rejects(node.post("refused"), (error) => RpcError.from(error).code === Code.Unavailable);
    assert.equal((await node.guide.client.getFeature({ latitude: 1, longitude: 2 })).location?.latitude, 1);
    for (const server of others) await server.start();
    await node.command.until("stderr", BACK);
    assert.equal((await node.ask("/readyz")).status, 200);
    // A leader that was just chosen may need longer than posts wait.
    const answered = (): Promise<string[]> =>
      node.post("after").catch((error) => {
        assert.equal(RpcError.from(error).code, Code.Unavailable);
        return answered();
      });
    assert.equal((await answered()).at(0), "before");
  } finally {
    for (const server of servers) await server[Symbol.asyncDispose]();
  }
});

test("A server that starts while NATS has too few servers waits for them, or ends after its time with what is wrong", async () => {
  const servers = await NatsServer.startCluster();
  try {
    const nats = { url: servers.map(({ url }) => url).join(",") };
    const patient = ["--nats-replicas", "3", "--nats-timeout-seconds", "60"];
    await using first = await Node.start(nats, patient);
    await first.history("kept");
    await Promise.all([servers[0].kill(), servers[1].kill()]);
    const starting = Node.start({ url: servers[2].url }, patient);
    const hasty = ["serve", "--listen", "127.0.0.1:0", "--nats", servers[2].url, "--nats-timeout-seconds", "1"];
    const { code, stderr } = await runCommand([...hasty, "--nats-replicas", "3"]);
    assert.equal(code, 1);
    // Which step it comes to depends on when the server that is left notices that it is alone.
    assert.match(stderr, /cannot be (reached|used|opened): .+\n$/);
    await Promise.all([servers[0].start(), servers[1].start()]);
    await using late = await starting;
    assert.deepEqual(await late.history("late"), ["kept", "late"]);
  } finally {
    for (const server of servers) await server[Symbol.asyncDispose]();
  }
});

test("While NATS is stopped, posts wait or are refused after their time, and everything else goes on", async () => {
  await using nats = await NatsServer.start();
  await using patient = await Node.start(nats, ["--nats-timeout-seconds", "60"]);
  await using hasty = await Node.start(nats, ["--nats-timeout-seconds", "1"]);
  await patient.history("before");
  await nats.pause();
  // Whether what was refused comes through all the same, and when, nobody promises.
  const post = async (message: string) => (await patient.post(message)).filter((heard) => heard !== "refused");
  const waiting = post("meanwhile");
  await assert.rejects(hasty.post("refused"), (error) => {
    assert.ok(error instanceof RpcError, String(error));
    assert.deepEqual([error.code, error.rawMessage], [Code.Unavailable, "notes cannot be kept now: try again later"]);
    return true;
  });
  await patient.command.until("stderr", AWAY);
  assert.equal((await patient.guide.client.getFeature({ latitude: 1, longitude: 2 })).location?.latitude, 1);
  assert.equal((await patient.ask("/readyz")).status, 503);
  assert.equal((await patient.ask("/livez")).status, 200);
  assert.equal(await patient.gauge("routeguide_nats_connected"), 0);
  assert.equal(await patient.gauge("routeguide_nats_notes_waiting"), 1);
  assert.equal((await runCommand(["health", "--address", patient.command.address])).code, 0);
  nats.resume();
  assert.deepEqual(await waiting, ["before", "meanwhile"]);
  await patient.command.until("stderr", BACK);
  assert.equal((await patient.ask("/readyz")).status, 200);
  assert.deepEqual(await post("after"), ["before", "meanwhile", "after"]);
});

test("All servers keep the same notes at a point and in all, and so does one that comes late", async () => {
  await using nats = await NatsServer.start();
  const limits = ["--notes-per-point", "5", "--max-notes", "20"];
  await using one = await Node.start(nats, limits);
  await using other = await Node.start(nats, limits);
  for (let i = 0; i < 12; i++) await (i % 2 === 0 ? one : other).history(`note ${i}`);
  await using late = await Node.start(nats, limits);
  const kept = [8, 9, 10, 11].map((i) => `note ${i}`);
  assert.deepEqual(await one.history("a"), [...kept, "a"]);
  assert.deepEqual(await other.history("b"), [...kept.slice(1), "a", "b"]);
  assert.deepEqual(await late.history("c"), [...kept.slice(2), "a", "b", "c"]);
  const elsewhere = Array.from({ length: 30 }, (_, i) => [i, i, "elsewhere"] as const);
  await one
    .chat()
    .say(...elsewhere)
    .end()
    .hearAll();
  await using last = await Node.start(nats, limits);
  for (const node of [one, last]) assert.equal(await node.gauge("routeguide_notes"), 20);
});

test("A server that cannot use its NATS says why in a line, and exits with 1", async () => {
  const { code, stderr } = await runCommand(["serve", "--listen", "127.0.0.1:0", "--nats", "nats://127.0.0.1:1"]);
  assert.equal(code, 1);
  assert.match(stderr, /NATS cannot be reached at nats:\/\/127\.0\.0\.1:1: connection refused\n$/);
});

/** The name of the server of NATS that leads the stream of notes. */
async function leaderOf(url: string): Promise<string> {
  const connection = await connect({ servers: url });
  const { cluster } = await (await jetstreamManager(connection)).streams.info("routeguide");
  await connection.close();
  return cluster?.leader ?? "";
}
