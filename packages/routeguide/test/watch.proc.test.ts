/** `routeguide serve --watch`: what changes takes effect, and nobody is refused meanwhile. */
import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { createClient } from "@routeguide/grpc";
import { dial } from "@routeguide/grpc/node";
import { RouteGuide } from "../src/contract/gen/routeguide/route_guide_pb.js";
import { Command, PLACES, runCommand } from "./command.js";
import { Conversation } from "./conversation.js";

const folder = mkdtempSync(join(tmpdir(), "routeguide-watch-"));
after(() => rmSync(folder, { recursive: true }));

/** A server that watches a file of places, all in a folder of its own. */
async function watching(name: string) {
  const places = join(folder, `${name}.csv`);
  copyFileSync(PLACES, places);
  const config = join(folder, `${name}.json`);
  writeFileSync(config, JSON.stringify({ notes: `${name}-notes`, places: [places] }));
  const server = new Command(["serve", "--watch", "--listen", "127.0.0.1:0", "--config", config]);
  const [, address = ""] = await server.until("stderr", /^ +at +(\S+)$/m);
  /** As editors do: a new file under the old name. */
  const rewrite = (path: string, text: string) => {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  };
  return Object.assign(server, { address, places, config, rewrite });
}

const placesNamed = (name: string) => `latitude,longitude,name\n1,2,${name}\n`;
const HERE = { latitude: 10_000_000, longitude: 20_000_000 };

test("a change takes effect without one refused connection, and notes are kept", async () => {
  await using server = await watching("busy");
  const noted = await runCommand(["chat", "--at", "1,2", "--address", server.address], {
    input: '{"message":"before the change"}\n',
  });
  assert.match(noted.stdout, /before the change/, noted.stderr);
  let isOver = false;
  const names = new Set<string>();
  const callers = Array.from({ length: 4 }, async () => {
    while (!isOver) {
      await using transport = dial(`http://${server.address}`);
      const { name } = await createClient(RouteGuide, transport).getFeature(HERE);
      names.add(name);
    }
  });
  for (const name of ["First", "Second"]) {
    server.rewrite(server.places, placesNamed(name));
    await server.until(
      "stderr",
      new RegExp(`(something has changed[\\s\\S]*Ctrl-C[\\s\\S]*){${name === "First" ? 1 : 2}}`),
    );
  }
  isOver = true;
  await Promise.all(callers);
  assert.ok(names.has("First"), [...names].join());
  const now = await runCommand(["get", "1,2", "--address", server.address]);
  assert.match(now.stdout, /Second/);
  const kept = await runCommand(["chat", "--at", "1,2", "--address", server.address], {
    input: '{"message":"after"}\n',
  });
  assert.match(kept.stdout, /before the change[\s\S]*after/);
  server.child.kill("SIGTERM");
  assert.equal(await server.exitCode(), 0, server.stderr);
});

test("calls on a connection that stays are answered across a change", async () => {
  await using server = await watching("steady");
  await using transport = dial(`http://${server.address}`);
  const client = createClient(RouteGuide, transport);
  let isOver = false;
  const caller = (async () => {
    let calls = 0;
    for (; !isOver; calls++) await client.getFeature(HERE);
    return calls;
  })();
  server.rewrite(server.places, placesNamed("Other"));
  await server.until("stderr", /something has changed[\s\S]*Ctrl-C/);
  isOver = true;
  assert.ok((await caller) > 0);
  assert.equal((await client.getFeature(HERE)).name, "Other");
});

test("an open chat gets a moment to end, then its server does", async () => {
  await using server = await watching("chatting");
  await using transport = dial(`http://${server.address}`);
  const chat = new Conversation(createClient(RouteGuide, transport)).say([1, 2, "hello"]);
  assert.deepEqual(await chat.hear(1), ["hello"]);
  server.rewrite(server.places, placesNamed("Other"));
  await assert.rejects(chat.hearAll(), /UNAVAILABLE/);
  await server.until("stderr", /something has changed[\s\S]*Ctrl-C/);
  assert.equal((await createClient(RouteGuide, transport).getFeature(HERE)).name, "Other");
});

test("what cannot start does not take the place of what serves, and the next change may mend it", async () => {
  await using server = await watching("broken");
  server.rewrite(server.places, "latitude,longitude,name\n91,2,too far north\n");
  await server.until("stderr", /91[\s\S]*the new server does not start: the one before goes on/);
  const still = await runCommand(["get", "1,2", "--address", server.address]);
  assert.equal(still.code, 0, still.stderr);
  server.rewrite(server.config, '{"notes": 5}');
  await server.until("stderr", /notes in .* is 5[\s\S]*the new server does not start/);
  server.rewrite(server.config, JSON.stringify({ notes: "memory", places: [server.places] }));
  server.rewrite(server.places, placesNamed("Mended"));
  await server.until("stderr", /in memory[\s\S]*Ctrl-C/);
  assert.match((await runCommand(["get", "1,2", "--address", server.address])).stdout, /Mended/);
});
