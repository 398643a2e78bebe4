import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Code, RpcError } from "@routeguide/grpc";
import { connect } from "../../src/client.js";
import { PLACES } from "../command.js";
import { dialRaw, frames, requestOf, statusOf } from "./raw-peer.js";
import { serveVictim } from "./victim.js";

const { data, ping, SettingId, Type, windowUpdate } = frames;

suite("chats", () => {
  test("notes without end are bounded, each is answered, and the oldest have gone", async () => {
    const limits = ["--max-notes", "1000", "--max-total-note-bytes", "2097152"];
    await using victim = await serveVictim(["--places", PLACES, ...limits]);
    await using guide = connect(`http://${victim.address}`);
    const count = 50_000;
    const message = "and on ".repeat(300);
    let heard = 0;
    for await (const batch of guide.client.routeChat(notes(count, message)).batches()) heard += batch.count;
    assert.equal(heard, count, "each note was alone at its point");
    await victim.assertUnhurt();
    const again = await replies(guide.client.routeChat([noteAt(0, "again"), noteAt(count - 1, "again")]));
    assert.deepEqual(again, ["again", message, "again"], "the first is forgotten, the last is not");
  });

  test("one that does not read in a busy place is ended, and the others hear every note", async () => {
    await using victim = await serveVictim(["--places", PLACES]);
    using slow = await dialRaw(victim.address);
    slow.begin([SettingId.InitialWindowSize, 0]);
    slow.request(1, 0, requestOf("RouteChat"));
    // A note without text at 0, 0.
    slow.write(data(1, [0, 0, 0, 0, 2, 10, 0]), ping());
    await slow.frame(({ type, flags }) => type === Type.Ping && flags === 1);

    await using guide = connect(`http://${victim.address}`);
    const count = 3000;
    const message = "busy ".repeat(200);
    let heard = 0;
    for await (const reply of guide.client.routeChat(notesHere(count, message))) if (reply.message === message) heard++;
    assert.ok(heard >= count);

    slow.write(windowUpdate(1, 2 ** 30), windowUpdate(0, 2 ** 30));
    assert.equal(await statusOf(slow, 1), Code.ResourceExhausted);
    await victim.assertUnhurt();
  });

  test("connections that are cut leave no listener behind", async () => {
    await using victim = await serveVictim(["--places", PLACES]);
    for (let i = 0; i < 200; i++) {
      using peer = await dialRaw(victim.address);
      peer.begin();
      peer.request(1, 0, requestOf("RouteChat"));
      peer.write(data(1, [0, 0, 0, 0, 2, 10, 0]));
      await peer.frame(({ type }) => type === Type.Data);
      peer.socket.resetAndDestroy();
    }
    await using guide = connect(`http://${victim.address}`);
    const heard = await replies(guide.client.routeChat([noteAt(0, "still here")]));
    assert.equal(heard.at(-1), "still here");
    await victim.assertUnhurt();
  });

  test("a note that is too long is refused, and the next stream is served", async () => {
    await using victim = await serveVictim(["--places", PLACES]);
    await using guide = connect(`http://${victim.address}`);
    await assert.rejects(
      replies(guide.client.routeChat([noteAt(0, "a".repeat(4097))])),
      (error) => error instanceof RpcError && error.code === Code.InvalidArgument,
    );
    await victim.assertUnhurt();
  });
});

const noteAt = (latitude: number, message: string) => ({ location: { latitude, longitude: 0 }, message });

function* notes(count: number, message: string) {
  for (let i = 0; i < count; i++) yield noteAt(i, message);
}

function* notesHere(count: number, message: string) {
  for (let i = 0; i < count; i++) yield noteAt(0, message);
}

async function replies(chat: AsyncIterable<{ readonly message: string }>): Promise<string[]> {
  const messages: string[] = [];
  for await (const { message } of chat) messages.push(message);
  return messages;
}
