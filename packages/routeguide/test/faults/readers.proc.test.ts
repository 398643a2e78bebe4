import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { connect } from "../../src/client.js";
import { dialRaw, frames, requestOf } from "./raw-peer.js";
import { serveVictim, type Victim } from "./victim.js";

const { data, Flags, ping, SettingId, Type, windowUpdate } = frames;
const WORLD = {
  lo: { latitude: -900_000_000, longitude: -1_800_000_000 },
  hi: { latitude: 900_000_000, longitude: 1_800_000_000 },
};
/** The same as an envelope: two points, each with two negative or positive varints. */
const WORLD_ENVELOPE = envelopeOfWorld();
const LARGEST_WINDOW = 2 ** 31 - 1;

let victim: Victim;
before(async () => {
  victim = await serveVictim();
});
after(() => victim[Symbol.asyncDispose]());

suite("readers of every place there is", () => {
  test("a thousand streams whose windows stay shut hold no more than a batch each", async () => {
    using peer = await dialRaw(victim.address);
    peer.begin([SettingId.InitialWindowSize, 0]);
    await listEverything(peer, 1000);
    assert.equal(peer.ofType(Type.Data).length, 0);
    await victim.assertUnhurt();
  });

  test("connections that never read, with every window wide open, are not written to without end", async () => {
    const peers = await Promise.all(Array.from({ length: 10 }, () => dialRaw(victim.address)));
    try {
      for (const peer of peers) {
        peer.begin([SettingId.InitialWindowSize, LARGEST_WINDOW]);
        peer.write(windowUpdate(0, LARGEST_WINDOW - 65_535));
        // Until the answer to a PING the server is still taking in; from here on nothing is read.
        await listEverything(peer, 0);
        peer.socket.pause();
        for (let stream = 1; stream < 100; stream += 2) openList(peer, stream);
      }
      await victim.assertUnhurt();
    } finally {
      for (const peer of peers) peer[Symbol.dispose]();
    }
    await victim.assertUnhurt();
  });

  test("connections that ask for everything and are cut at once cost nothing afterwards", async () => {
    for (let i = 0; i < 5; i++) {
      const peers = await Promise.all(Array.from({ length: 10 }, () => dialRaw(victim.address)));
      for (const peer of peers) {
        peer.begin([SettingId.InitialWindowSize, LARGEST_WINDOW]);
        peer.write(windowUpdate(0, LARGEST_WINDOW - 65_535));
        for (let stream = 1; stream < 100; stream += 2) openList(peer, stream);
      }
      // What was written leaves with the socket's end, and the first answers that nobody reads cut the connection.
      for (const peer of peers) peer.socket.destroySoon();
      await victim.assertUnhurt();
    }
  });

  test("memory stays flat over many lists that are read", async () => {
    await using guide = connect(`http://${victim.address}`);
    const places = Number(/serves ([\d,]+) places/.exec(victim.stderr)?.[1]?.replaceAll(",", ""));
    for (let list = 0; list < 20; list++) {
      let count = 0;
      for await (const batch of guide.client.listFeatures(WORLD).batches()) count += batch.count;
      assert.equal(count, places);
    }
    await victim.assertUnhurt();
  });

  test("a reader that leaves in the middle ends its list on the server", async () => {
    await using guide = connect(`http://${victim.address}`);
    for (let list = 0; list < 100; list++) {
      for await (const feature of guide.client.listFeatures(WORLD)) {
        assert.ok(feature.location);
        break;
      }
    }
    await victim.assertUnhurt();
  });
});

type Peer = Awaited<ReturnType<typeof dialRaw>>;

function openList(peer: Peer, stream: number): void {
  peer.request(stream, 0, requestOf("ListFeatures"));
  peer.write(data(stream, WORLD_ENVELOPE, Flags.EndStream));
}

/** Opens so many lists, and waits until the server has taken them in. */
async function listEverything(peer: Peer, streams: number): Promise<void> {
  for (let i = 0; i < streams; i++) openList(peer, 2 * i + 1);
  peer.write(ping());
  await peer.frame(({ type, flags }) => type === Type.Ping && flags === Flags.Ack);
}

function envelopeOfWorld(): number[] {
  const point = (latitude: number, longitude: number) => [8, ...varint(latitude), 16, ...varint(longitude)];
  const nested = (field: number, bytes: number[]) => [field * 8 + 2, bytes.length, ...bytes];
  const { lo, hi } = WORLD;
  const message = [...nested(1, point(lo.latitude, lo.longitude)), ...nested(2, point(hi.latitude, hi.longitude))];
  return [0, 0, 0, 0, message.length, ...message];
}

/** An int32 as protobuf writes it: a negative one in ten octets. */
function varint(value: number): number[] {
  let rest = BigInt.asUintN(64, BigInt(value));
  const octets: number[] = [];
  for (; rest > 127n; rest >>= 7n) octets.push(Number(rest & 127n) | 128);
  return [...octets, Number(rest)];
}
