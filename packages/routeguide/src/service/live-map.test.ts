import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type Client, Code, createClient, createServer, RpcError } from "@routeguide/grpc";
import { BadRequestSchema } from "@routeguide/grpc/details";
import { inMemory } from "@routeguide/grpc/testing";
import { Conversation } from "../../test/conversation.js";
import { AtlasBuilder } from "../atlas/atlas-builder.js";
import { RouteGuide, type RouteNote } from "../contract/gen/routeguide/route_guide_pb.js";
import { LiveMap } from "../contract/gen/routeguide/v1/map_pb.js";
import { NoteBoard } from "../notes/note-board.js";
import type { NoteLimits } from "../notes/note-limits.js";
import { MemoryNoteStore } from "../stores/memory-note-store.js";
import { liveMap } from "./live-map.js";
import { routeGuide } from "./route-guide.js";

const WORLD = {
  lo: { latitude: -900_000_000, longitude: -1_800_000_000 },
  hi: { latitude: 900_000_000, longitude: 1_800_000_000 },
};
/** Edges included: a note at (0, 0) to (10, 10) is in it. */
const SQUARE = { lo: { latitude: 10, longitude: 0 }, hi: { latitude: 0, longitude: 10 } };

interface Options {
  readonly limits?: Partial<NoteLimits>;
  readonly features?: readonly (readonly [latitude: number, longitude: number, name: string])[];
}

/** A server with a board, and clients of it, in one process. */
async function maps({ limits = {}, features = [] }: Options = {}) {
  const builder = new AtlasBuilder();
  for (const [latitude, longitude, name] of features) {
    const text = Buffer.from(name);
    builder.add(latitude, longitude, text, 0, text.length);
  }
  const atlas = builder.build();
  const board = await NoteBoard.open({ store: new MemoryNoteStore(), limits });
  const server = createServer().service(RouteGuide, routeGuide(atlas, board)).service(LiveMap, liveMap(atlas, board));
  const transport = inMemory(server);
  const travellers = createClient(RouteGuide, transport);
  return {
    board,
    client: createClient(LiveMap, transport),
    chat: () => new Conversation(travellers),
    async [Symbol.asyncDispose]() {
      await transport[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await board[Symbol.asyncDispose]();
    },
  };
}

/** The messages of the next notes of a watch. */
async function hear(notes: AsyncIterator<RouteNote>, count: number): Promise<string[]> {
  const heard: string[] = [];
  while (heard.length < count) {
    const { done, value } = await notes.next();
    if (done === true) throw new Error(`the watch ended after ${heard.length} of ${count} notes`);
    heard.push(value.message);
  }
  return heard;
}

/** A watch that the server has begun. */
async function begun(client: Client<typeof LiveMap>, area = WORLD) {
  let watch: ReturnType<typeof client.watchNotes> | undefined;
  await new Promise<void>((resolve) => {
    watch = client.watchNotes({ area }, { onHeader: () => resolve() });
  });
  assert.ok(watch !== undefined);
  return watch;
}

async function errorOf(answer: AsyncIterable<unknown>): Promise<RpcError> {
  try {
    for await (const _ of answer);
  } catch (error) {
    assert.ok(error instanceof RpcError, String(error));
    return error;
  }
  assert.fail("the call ended well");
}

const fieldsOf = (error: RpcError) =>
  error.findDetails(BadRequestSchema).flatMap(({ fieldViolations }) => fieldViolations.map(({ field }) => field));

suite("WatchNotes brings the notes of an area", () => {
  test("Those that are kept come first, the newest of them, oldest first, then each as it is posted", async () => {
    await using map = await maps();
    const ann = map.chat();
    await ann.say([0, 0, "a"], [99, 0, "elsewhere"], [10, 10, "b"], [5, 5, "c"]).hear(4);
    const notes = map.client.watchNotes({ area: SQUARE, recent: 2 })[Symbol.asyncIterator]();
    assert.deepEqual(await hear(notes, 2), ["b", "c"]);
    ann.say([11, 0, "outside"], [10, 0, "d"], [0, 10, "e"]);
    assert.deepEqual(await hear(notes, 2), ["d", "e"]);
  });

  test("A note that comes between what is kept and the watch's beginning is neither lost nor sent twice", async () => {
    await using map = await maps();
    const ann = map.chat();
    const heard: string[] = [];
    for (let i = 0; i < 50; i++) {
      const notes = map.client.watchNotes({ area: SQUARE, recent: 1000 })[Symbol.asyncIterator]();
      ann.say([1, 1, String(i)]);
      const all = await hear(notes, i + 1);
      heard.push(all.at(-1) ?? "");
      assert.deepEqual(new Set(all).size, i + 1);
      await notes.return?.();
    }
    assert.deepEqual(
      heard,
      Array.from({ length: 50 }, (_, i) => String(i)),
    );
  });

  test("Nothing of a watch is left when its caller has cancelled it", async () => {
    await using map = await maps();
    const watch = await begun(map.client);
    assert.equal(map.board.size.watchers, 1);
    watch.cancel();
    await assert.rejects(async () => {
      for await (const _ of watch);
    });
    assert.equal(map.board.size.watchers, 0);
    assert.equal(map.board.size.streams, 0);
  });

  test("Kept notes are as many as a mailbox may hold, the newest", async () => {
    await using map = await maps({ limits: { mailboxBytes: 100 } });
    const ann = map.chat();
    await ann.say([1, 1, "first".padEnd(40)], [2, 2, "second".padEnd(40)], [3, 3, "third"]).hear(3);
    const notes = map.client.watchNotes({ area: SQUARE, recent: 10 })[Symbol.asyncIterator]();
    assert.deepEqual(
      (await hear(notes, 2)).map((message) => message.trim()),
      ["second", "third"],
    );
  });

  test("One watch more than may be is refused", async () => {
    await using map = await maps({ limits: { watchers: 1 } });
    await begun(map.client);
    const error = await errorOf(map.client.watchNotes({ area: WORLD }));
    assert.equal(error.code, Code.ResourceExhausted);
    assert.match(error.rawMessage, /^1 streams watch areas already/);
  });

  test("A server that stops ends its watches, and those that come then", async () => {
    await using map = await maps();
    const watch = await begun(map.client);
    map.board.stopWatching();
    assert.equal((await errorOf(watch)).code, Code.Unavailable);
    assert.equal((await errorOf(map.client.watchNotes({ area: WORLD }))).code, Code.Unavailable);
  });

  test("A request without an area, with half of one, or with a negative count names what is wrong", async () => {
    await using map = await maps();
    const wrong = [
      [{}, ["area"]],
      [{ area: { lo: SQUARE.lo } }, ["area.hi"]],
      [{ area: { lo: { latitude: 900_000_001, longitude: 0 }, hi: SQUARE.hi } }, ["area.lo.latitude"]],
      [{ area: SQUARE, recent: -1 }, ["recent"]],
    ] as const;
    for (const [request, fields] of wrong) {
      const error = await errorOf(map.client.watchNotes(request));
      assert.equal(error.code, Code.InvalidArgument);
      assert.deepEqual(fieldsOf(error), fields);
    }
  });
});

suite("ListTopFeatures gives what stands first", () => {
  const features = [
    [50, 50, "capital"],
    [5, 5, "town"],
    [7, 7, "village"],
    [2, 2, "hamlet"],
  ] as const;

  test("The features of an area come in the order in which they were added", async () => {
    await using map = await maps({ features });
    const names = async (limit?: number, area = WORLD) => {
      const found: string[] = [];
      for await (const { name } of map.client.listTopFeatures({ area, ...(limit !== undefined && { limit }) })) {
        found.push(name);
      }
      return found;
    };
    assert.deepEqual(await names(), ["capital", "town", "village", "hamlet"]);
    assert.deepEqual(await names(2), ["capital", "town"]);
    assert.deepEqual(await names(2, SQUARE), ["town", "village"]);
  });

  test("Of more features than there is an order of, the first 5000 are known", async () => {
    const many = Array.from({ length: 5100 }, (_, i) => [5100 - i, (i * 7919) % 5100, String(i)] as const);
    await using map = await maps({ features: many });
    const found: string[] = [];
    for await (const { name } of map.client.listTopFeatures({ area: WORLD })) found.push(name);
    assert.deepEqual(
      found,
      many.slice(0, 5000).map(([, , name]) => name),
    );
  });

  test("A negative limit is refused", async () => {
    await using map = await maps();
    assert.deepEqual(fieldsOf(await errorOf(map.client.listTopFeatures({ area: WORLD, limit: -1 }))), ["limit"]);
  });
});
