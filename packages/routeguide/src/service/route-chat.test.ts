import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Code, createClient, createServer, Envelopes, jsonFormat, RpcError } from "@routeguide/grpc";
import { BadRequestSchema } from "@routeguide/grpc/details";
import { inMemory } from "@routeguide/grpc/testing";
import { Conversation, type Said } from "../../test/conversation.js";
import type { Written } from "../../test/note-fixtures.js";
import { temporaryFolder } from "../../test/temporary-folder.js";
import { RouteGuide, RouteNoteSchema } from "../contract/gen/routeguide/route_guide_pb.js";
import { NoteBoard } from "../notes/note-board.js";
import type { NoteLimits } from "../notes/note-limits.js";
import type { NoteStore, NoteStoreError } from "../notes/note-store.js";
import { LevelNoteStore } from "../stores/level-note-store.js";
import { MemoryNoteStore } from "../stores/memory-note-store.js";
import { routeChat } from "./route-chat.js";

const here = (message: string): Written => [1, 2, message];
const there = (message: string): Written => [-900_000_000, 1_800_000_000, message];

/** A server with a board, and a client of it, in one process. */
async function chats({ limits = {}, store = new MemoryNoteStore() }: Options = {}) {
  const board = await NoteBoard.open({ store, limits });
  const storeErrors: NoteStoreError[] = [];
  const server = createServer();
  server.service(RouteGuide, {
    routeChat: (requests) => routeChat(board, requests, (error) => storeErrors.push(error)),
  });
  const transport = inMemory(server);
  const client = createClient(RouteGuide, transport);
  const json = createClient(RouteGuide, transport, { format: jsonFormat() });
  return {
    board,
    server,
    storeErrors,
    chat: () => new Conversation(client),
    jsonChat: () => new Conversation(json),
    async [Symbol.asyncDispose]() {
      await transport[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await board[Symbol.asyncDispose]();
    },
  };
}

interface Options {
  readonly limits?: Partial<NoteLimits>;
  readonly store?: NoteStore;
}

/** Checks that a chat ends with this code, and gives the error. */
async function endsWith(code: Code, heard: Promise<unknown>): Promise<RpcError> {
  try {
    await heard;
  } catch (error) {
    assert.ok(error instanceof RpcError, String(error));
    assert.equal(error.code, code, error.message);
    return error;
  }
  assert.fail("the chat ended well");
}

const fieldsOf = (error: RpcError) =>
  error.findDetails(BadRequestSchema).flatMap(({ fieldViolations }) => fieldViolations.map(({ field }) => field));

suite("RouteChat shares notes", () => {
  test("A stream hears what was left at the points where it posts, then what others post there, as they do", async () => {
    await using guide = await chats();
    const [ann, bob] = [guide.chat(), guide.chat()];
    assert.deepEqual(await ann.say(here("a1"), there("a2")).hear(2), ["a1", "a2"]);
    assert.deepEqual(await bob.say(here("b1")).hear(2), ["a1", "b1"]);
    assert.deepEqual(await ann.hear(1), ["b1"]);
    bob.say(there("b2"), here("b3"));
    assert.deepEqual(await ann.hear(2), ["b2", "b3"]);
    assert.deepEqual(await bob.end().hearAll(), ["a2", "b2", "a1", "b1", "b3"]);
    assert.deepEqual(await ann.end().hearAll(), []);
  });

  test("A chat in which nothing is said ends well", async () => {
    await using guide = await chats();
    assert.deepEqual(await guide.chat().end().hearAll(), []);
  });

  test("After the half-close all replies come, and the chat ends though others go on", async () => {
    await using guide = await chats();
    const [ann, bob] = [guide.chat(), guide.chat()];
    await bob.say(here("b")).hear(1);
    const notes = Array.from({ length: 500 }, (_, i): Written => [i, -i, `a${i}`]);
    const heard = ann
      .say(here("a"), ...notes)
      .end()
      .hearAll();
    assert.deepEqual(await heard, ["b", "a", ...notes.map(([, , message]) => message)]);
    assert.deepEqual(await bob.hear(1), ["a"]);
    assert.equal(guide.board.size.heard, 1);
  });

  test("With notes in a folder all streams hear a point's notes in one order, and a new server remembers it", async () => {
    await using folder = await temporaryFolder();
    const names = ["a", "b", "c", "d"];
    let order: string[] = [];
    {
      await using guide = await chats({ store: await LevelNoteStore.open(folder.path) });
      const watchers = [guide.chat(), guide.chat()];
      for (const [i, watcher] of watchers.entries()) await watcher.say(here(`w${i}`)).hear(i + 1);
      await watchers[0]?.hear(1);
      await Promise.all(
        names.map((name) => {
          const notes = Array.from({ length: 10 }, (_, i) => here(`${name}${i}`));
          return guide
            .chat()
            .say(...notes)
            .end()
            .hearAll();
        }),
      );
      const heard = await Promise.all(watchers.map((watcher) => watcher.hear(40)));
      order = heard[0] ?? [];
      assert.deepEqual(heard[1], order);
      for (const name of names) {
        assert.deepEqual(
          order.filter((message) => message.startsWith(name)),
          Array.from({ length: 10 }, (_, i) => `${name}${i}`),
        );
      }
    }
    await using guide = await chats({ store: await LevelNoteStore.open(folder.path) });
    assert.deepEqual(await guide.chat().say(here("later")).end().hearAll(), ["w0", "w1", ...order, "later"]);
  });

  test("A stream in JSON and one in protobuf hear each other", async () => {
    await using guide = await chats();
    const [ann, bob] = [guide.chat(), guide.jsonChat()];
    await ann.say(here("a")).hear(1);
    assert.deepEqual(await bob.say(here("b \n\t{é}")).hear(2), ["a", "b \n\t{é}"]);
    assert.deepEqual(await ann.hear(1), ["b \n\t{é}"]);
  });

  test("A note that is written otherwise than we do is taken, and sent on as we write it", async () => {
    await using guide = await chats();
    // The message first, an unknown field 3, and a latitude of 5 that takes two bytes.
    const odd = Uint8Array.of(0, 0, 0, 0, 10, 0x12, 0x01, 0x41, 0x18, 0x07, 0x0a, 0x03, 0x08, 0x85, 0x00);
    const bare = Uint8Array.of(0, 0, 0, 0, 4, 0x0a, 0x02, 0x08, 0x05);
    const ann = guide.chat().sayRaw(new Envelopes(odd, 1), new Envelopes(bare, 1));
    assert.deepEqual(await ann.hear(3), ["A", "A", ""]);
    const plain = Envelopes.of(RouteNoteSchema, [{ location: { latitude: 5, longitude: 0 }, message: "A" }]);
    assert.equal(guide.board.size.bytes, plain.bytes.length + bare.length);
  });
});

suite("RouteChat refuses", () => {
  const wrong: [string, Said, string][] = [
    ["a note without a location", { message: "where?" }, "location"],
    ["a latitude beyond the pole", { location: { latitude: 900_000_001, longitude: 0 } }, "location.latitude"],
    ["a longitude beyond 180 degrees", { location: { latitude: 0, longitude: -1_800_000_001 } }, "location.longitude"],
    ["a message of more than 4 KiB", { location: { latitude: 0, longitude: 0 }, message: "é".repeat(2049) }, "message"],
  ];
  for (const [what, note, field] of wrong) {
    test(`${what}, by the name of its field, after the replies to what was said before`, async () => {
      await using guide = await chats();
      const ann = guide.chat().say(here("before")).sayRaw(note).say(here("after"));
      assert.deepEqual(await ann.hear(1), ["before"]);
      const error = await endsWith(Code.InvalidArgument, ann.hear(1));
      assert.deepEqual(fieldsOf(error), [field]);
      assert.equal(guide.board.size.notes, 1);
    });
  }

  test("nothing of 4 KiB", async () => {
    await using guide = await chats();
    const text = "é".repeat(2048);
    assert.deepEqual(await guide.chat().say(here(text)).end().hearAll(), [text]);
  });

  test("what is not a RouteNote, and a text that is not UTF-8", async () => {
    await using guide = await chats();
    const truncated = Uint8Array.of(0, 0, 0, 0, 2, 0x0a, 0x05);
    const notUtf8 = Uint8Array.of(0, 0, 0, 0, 5, 0x0a, 0x00, 0x12, 0x01, 0xff);
    for (const bytes of [truncated, notUtf8]) {
      await endsWith(Code.InvalidArgument, guide.chat().sayRaw(new Envelopes(bytes, 1)).hear(1));
    }
    assert.equal(guide.board.size.notes, 0);
  });

  test("notes that cannot be kept: the caller is told that, the operator why, and nobody is sent them", async () => {
    const store = new MemoryNoteStore();
    await using guide = await chats({ store });
    const bob = guide.chat();
    await bob.say(here("kept")).hear(1);
    await store[Symbol.asyncDispose]();
    await endsWith(Code.Unavailable, guide.chat().say(here("lost")).hear(1));
    assert.deepEqual(
      guide.storeErrors.map(({ fault }) => fault),
      ["closed"],
    );
    assert.deepEqual(await bob.end().hearAll(), []);
  });
});

suite("RouteChat is bounded", () => {
  test("A stream that does not read what others post is ended with RESOURCE_EXHAUSTED, and they go on", async () => {
    await using guide = await chats({ limits: { mailboxBytes: 8192 } });
    const [slow, ann] = [guide.chat(), guide.chat()];
    await slow.say(here("")).hear(1);
    await ann.say(here("")).hear(2);
    await slow.hear(1);
    // However much the carrier takes in, the mailbox is full in the end, and its stream is no listener any more.
    const text = "x".repeat(4000);
    for (let said = 0; guide.board.size.heard === 2; said++) {
      assert.ok(said < 1000);
      await ann.say(here(text)).hear(Math.min(said + 3, 64));
    }
    await endsWith(Code.ResourceExhausted, slow.hearAll());
    assert.deepEqual(await ann.end().hearAll(), []);
  });

  test("A stream that posts without reading is held back, and gets every reply once it reads", async () => {
    await using guide = await chats({ limits: { mailboxBytes: 8192 } });
    const ann = guide.chat();
    const notes = Array.from({ length: 200 }, (_, i) => here(`${i} ${"x".repeat(3000)}`));
    const heard = await ann
      .say(...notes)
      .end()
      .hearAll();
    const expected = notes.flatMap((_, i) => notes.slice(Math.max(0, i - 63), i + 1));
    assert.equal(heard.length, expected.length);
    assert.deepEqual(
      heard,
      expected.map(([, , message]) => message),
    );
  });

  test("A stream that posts at too many points is ended with RESOURCE_EXHAUSTED", async () => {
    await using guide = await chats({ limits: { pointsPerStream: 2 } });
    await endsWith(Code.ResourceExhausted, guide.chat().say([1, 1, "1"], [2, 2, "2"], [3, 3, "3"]).hear(4));
    assert.equal(guide.board.size.heard, 0);
  });

  test("A stream that is cancelled leaves its notes and nothing else, whatever it was waiting for", async () => {
    await using folder = await temporaryFolder();
    await using guide = await chats({ store: await LevelNoteStore.open(folder.path), limits: { mailboxBytes: 8192 } });
    const waiting = guide.chat();
    await waiting.say(here("1")).hear(1);
    // Its replies fill what the carrier takes, so it waits for room.
    const full = guide.chat().say(...Array.from({ length: 100 }, () => there("x".repeat(4000))));
    await full.hear(1);
    const writing = guide.chat().say(here("2"));
    for (const chat of [waiting, full, writing]) chat.cancel();
    await guide.server.drain(60_000);
    const { heard, streams } = guide.board.size;
    assert.deepEqual({ heard, streams }, { heard: 0, streams: 0 });
  });
});
