import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { Code, RpcError } from "@routeguide/grpc";
import { connect } from "../../src/client.js";
import { Command, PLACES } from "../command.js";
import { temporaryFolder } from "../temporary-folder.js";

const CHATS = 4;
const POINTS = 500;

suite("notes that are kept in a folder", () => {
  test("after kill -9 in mid-chat every note that was heard is there", async () => {
    await using folder = await temporaryFolder();
    const heard = new Set<string>();
    {
      await using server = await serveNotes(folder.path);
      await using guide = connect(`http://${server.address}`);
      const chats = Array.from({ length: CHATS }, async (_, chat) => {
        for await (const { message } of guide.client.routeChat(notesWithoutEnd(chat))) {
          heard.add(message);
          if (heard.size === 5000) server.child.kill("SIGKILL");
        }
      });
      for (const outcome of await Promise.allSettled(chats)) {
        assert.equal(outcome.status, "rejected");
        assert.ok(outcome.reason instanceof RpcError && outcome.reason.code === Code.Unavailable, outcome.reason);
      }
    }
    await using server = await serveNotes(folder.path);
    await using guide = connect(`http://${server.address}`);
    const kept = new Set<string>();
    for await (const { message } of guide.client.routeChat(oneAtEachPoint())) kept.add(message);
    assert.deepEqual(
      [...heard].filter((message) => !kept.has(message)),
      [],
    );
  });

  test("a full disk refuses notes and nothing else, until there is room again", async (t) => {
    await using folder = await temporaryFolder();
    const disk = join(folder.path, "disk");
    mkdirSync(disk);
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=16m", "tmpfs", disk], { stdio: "ignore" });
    } catch {
      t.skip("this user may not mount a small disk");
      return;
    }
    try {
      await using server = await serveNotes(join(disk, "notes"));
      await using guide = connect(`http://${server.address}`);
      assert.deepEqual(await post(guide, "there is room"), ["there is room"]);
      const filler = join(disk, "filler");
      const { bavail, bsize } = statfsSync(disk);
      writeFileSync(filler, new Uint8Array(bavail * bsize));
      await assert.rejects(
        async () => {
          // What the store has of the disk already takes a few.
          for (let i = 0; i < 5000; i++) await post(guide, "full ".repeat(800), i + 1);
        },
        (error) => error instanceof RpcError && error.code === Code.ResourceExhausted,
      );
      const feature = await guide.client.getFeature({ latitude: 400_000_000, longitude: -750_000_000 });
      assert.equal(feature.name, "On the corner");
      rmSync(filler);
      assert.deepEqual(await post(guide, "room again"), ["there is room", "room again"]);
    } finally {
      execFileSync("umount", ["-l", disk]);
    }
  });
});

/** `routeguide serve` with its notes in a folder. */
async function serveNotes(folder: string) {
  const server = new Command(["serve", "--listen", "127.0.0.1:0", "--places", PLACES, "--notes", folder]);
  const [, address = ""] = await server.until("stderr", /^ +at +(\S+)$/m);
  return Object.assign(server, { address });
}

async function post({ client }: ReturnType<typeof connect>, message: string, latitude = 0): Promise<string[]> {
  const heard: string[] = [];
  for await (const reply of client.routeChat([{ location: { latitude }, message }])) heard.push(reply.message);
  return heard;
}

/** At most as many at a point as are kept there. */
async function* notesWithoutEnd(chat: number) {
  for (let i = 0; ; i++) {
    yield { location: { latitude: i % POINTS, longitude: 0 }, message: `${chat}:${i}` };
    // Gives the replies their turn.
    if (i % 100 === 99) await new Promise(setImmediate);
  }
}

function* oneAtEachPoint() {
  for (let i = 0; i < POINTS; i++) yield { location: { latitude: i, longitude: 0 }, message: "afterwards" };
}
