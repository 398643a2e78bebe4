import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { GrammarSink } from "../../test/exchange/grammar-sink.js";
import { H2Pair } from "../../test/h2-pair.js";
import { type Exchange, type Fields, ResetCode, type Sink } from "../exchange.js";

// Any number of calls at once that do anything, over reads cut anywhere, through windows of any size.

/** What one side of a call does: writes of these sizes, as the other side makes room, then an end or a reset. */
interface Side {
  readonly writes: readonly number[];
  readonly resets: boolean;
}

const SOURCE = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 31 + (i >> 8) * 7) & 0xff);

/** What bytes in this order come to. */
function fold(hash: number, bytes: Uint8Array, start: number, end: number): number {
  for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (bytes[i] ?? 0)) | 0;
  return hash;
}

class Player implements Sink {
  exchange: Exchange | undefined = undefined;
  sent = 0;
  sentHash = 0;
  received = 0;
  hash = 0;
  closes = 0;
  code: ResetCode | undefined = undefined;
  #next = 0;
  readonly #side: Side;
  readonly #isServer: boolean;

  constructor(side: Side, isServer: boolean) {
    this.#side = side;
    this.#isServer = isServer;
  }

  play(): void {
    const exchange = this.exchange;
    while (exchange !== undefined && this.closes === 0) {
      const length = this.#side.writes[this.#next++];
      if (length === undefined) {
        if (this.#side.resets) exchange.reset(ResetCode.Cancel);
        else exchange.end(this.#isServer ? { fields: ["grpc-status", "0"] } : undefined);
        return;
      }
      const start = this.sent % 100_000;
      this.sent += length;
      this.sentHash = fold(this.sentHash, SOURCE, start, start + length);
      if (!exchange.write(SOURCE, start, start + length)) return;
    }
  }

  head(_status: number, _fields: Fields): void {}

  data(bytes: Uint8Array, start: number, end: number): void {
    this.hash = fold(this.hash, bytes, start, end);
    this.received += end - start;
    this.exchange?.consumed(end - start);
  }

  turn(): true {
    return true;
  }

  end(): true {
    return true;
  }

  writable(): void {
    this.play();
  }

  closed(code: ResetCode | undefined): void {
    this.closes++;
    this.code = code;
    this.exchange?.release();
  }
}

const side = fc.record({
  writes: fc.array(fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 90_000 })), { maxLength: 6 }),
  resets: fc.boolean(),
});
const call = fc.record({ client: side, server: side, isLazy: fc.boolean() });

test("whatever calls do, each closes once on both sides, and nothing is left behind", () => {
  fc.assert(
    fc.property(
      fc.array(call, { minLength: 1, maxLength: 12 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 60_000 })),
      fc.record({
        stream: fc.integer({ min: 65_535, max: 200_000 }),
        connection: fc.integer({ min: 65_535, max: 300_000 }),
      }),
      fc.integer({ min: 1, max: 12 }),
      (calls, cuts, windows, maxConcurrentStreams) => {
        const limits = { streamWindowBytes: windows.stream, connectionWindowBytes: windows.connection };
        const servers: Player[] = [];
        const wrong: string[] = [];
        const pair = new H2Pair(
          (exchange) => {
            const player = new Player(calls[Number(exchange.path.slice(1))]?.server ?? assert.fail(), true);
            player.exchange = exchange;
            servers.push(player);
            exchange.head({ fields: ["content-type", "application/grpc"] });
            if (!calls[Number(exchange.path.slice(1))]?.isLazy) player.play();
            return new GrammarSink("server", player, wrong);
          },
          { server: { ...limits, maxConcurrentStreams }, client: limits, cut: () => cuts.next().value ?? 1 },
        );
        pair.settle();
        const clients = calls.map(({ client }, i) => {
          const player = new Player(client, false);
          const sink = new GrammarSink("client", player, wrong);
          player.exchange = pair.client.open(`/${i}`, { fields: ["te", "trailers"] }, sink);
          player.play();
          return player;
        });
        pair.settle();
        // Handlers that answer later: each round lets one more of those that wait for a place come.
        for (let rounds = 0; rounds < calls.length; rounds++) {
          for (const player of servers) player.play();
          pair.settle();
        }
        assert.deepEqual(wrong, []);
        for (const [i, player] of clients.entries()) {
          assert.equal(player.closes, 1, `call ${i}`);
          const server = servers.find(({ exchange }) => exchange?.path === `/${i}`);
          // Who closed because both sides had ended by themselves has every byte of the other.
          if (player.code === undefined) {
            assert.deepEqual([player.received, player.hash], [server?.sent, server?.sentHash]);
          }
          if (server !== undefined && server.code === undefined) {
            assert.deepEqual([server.received, server.hash], [player.sent, player.sentHash]);
          }
        }
        assert.ok(servers.every(({ closes }) => closes === 1));
        assert.deepEqual([pair.client.openStreams, pair.server.openStreams], [0, 0]);
        assert.deepEqual(pair.violations, []);
      },
    ),
    { numRuns: 60 },
  );
});
