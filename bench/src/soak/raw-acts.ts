/** What no honest client does. Each opens a connection of its own; the server ends it, or is glad when it is gone. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { create, toBinary } from "@bufbuild/protobuf";
import { RectangleSchema } from "routeguide";
import { EVERYWHERE } from "../data.js";
import { ACK, callHeaders, END_STREAM, FrameType, frame, HELLO, uint32 } from "../raw-frames.js";
import { type Act, between, wrong } from "./act.js";

/** The server ends what breaks the protocol at once, and waits for what might still come for 5 s. */
const PATIENCE_MS = 15_000;
/** The request, in its envelope. */
const EVERYTHING = enveloped(toBinary(RectangleSchema, create(RectangleSchema, EVERYWHERE)));

const badFrames: Act = {
  name: "Breaks the protocol: the connection is ended",
  weight: 4,
  async run({ host, random }) {
    const offences = host.engine === "own" ? [...OFFENCES, ...ENDED_BY_OWN] : OFFENCES;
    const bad = offences[between(random, 0, offences.length - 1)] ?? wrong("no such offence");
    await using peer = await RawPeer.connect(host.port);
    peer.socket.write(bad);
    await peer.ended();
  },
};

const resets: Act = {
  name: "Resets calls as soon as it has opened them",
  weight: 3,
  async run({ host, random }) {
    await using peer = await RawPeer.connect(host.port);
    const count = between(random, 1, 200);
    const frames = [HELLO];
    for (let id = 1; id < 2 * count; id += 2) {
      frames.push(callHeaders(id, "RouteChat"), frame(FrameType.Reset, 0, id, uint32(8)));
    }
    // An answered PING says that all of it was looked at.
    peer.socket.write(Buffer.concat([...frames, frame(FrameType.Ping, 0, 0, Buffer.alloc(8))]));
    await peer.ponged();
  },
};

const stalledReader: Act = {
  name: "Asks for everything and reads nothing, then is gone",
  weight: 2,
  async run({ host, random }) {
    await using peer = await RawPeer.connect(host.port);
    const wide = frame(FrameType.WindowUpdate, 0, 0, uint32(2 ** 30));
    const asked = frame(FrameType.Data, END_STREAM, 1, EVERYTHING);
    peer.socket.pause();
    peer.socket.write(Buffer.concat([HELLO, wide, callHeaders(1, "ListFeatures"), asked]));
    await delay(between(random, 10, 2000));
  },
};

const halfOpen: Act = {
  name: "Opens calls, says half of a message, and is gone",
  weight: 4,
  async run({ host, random }) {
    await using peer = await RawPeer.connect(host.port);
    const frames = [HELLO];
    for (let id = 1; id < 20; id += 2) {
      frames.push(callHeaders(id, id % 4 === 1 ? "RecordRoute" : "RouteChat"));
      frames.push(frame(FrameType.Data, 0, id, Buffer.from([0, 0, 0, 0, 9, 8])));
    }
    peer.socket.write(Buffer.concat([...frames, frame(FrameType.Ping, 0, 0, Buffer.alloc(8))]));
    await peer.ponged();
    await delay(between(random, 0, 500));
  },
};

export const RAW_ACTS: readonly Act[] = [badFrames, resets, stalledReader, halfOpen];

/** Each ends a connection. */
const OFFENCES: readonly Buffer[] = [
  Buffer.from("no protocol at all\r\n\r\n"),
  Buffer.concat([HELLO, frame(FrameType.Headers, 4, 2, Buffer.from([0x82]))]),
  Buffer.concat([HELLO, frame(FrameType.WindowUpdate, 0, 0, uint32(0))]),
  Buffer.concat([HELLO, frame(FrameType.Reset, 0, 7, uint32(8))]),
  Buffer.concat([HELLO, frame(FrameType.Headers, 0, 1), ...Array.from({ length: 20 }, () => frame(9, 0, 1))]),
];

/** These, too, by our own engine. node:http2 sends GOAWAY and leaves the rest to the client, or to keepalive; empty DATA it takes. */
const ENDED_BY_OWN: readonly Buffer[] = [
  Buffer.concat([HELLO, frame(FrameType.Data, 0, 0)]),
  Buffer.concat([HELLO, frame(FrameType.Headers, 4, 1, Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff]))]),
  Buffer.concat([HELLO, frame(FrameType.Settings, 0, 0, Buffer.alloc(5))]),
  Buffer.concat([HELLO, frame(FrameType.Continuation, 0, 1)]),
  Buffer.concat([
    HELLO,
    callHeaders(1, "RouteChat"),
    ...Array.from({ length: 200 }, () => frame(FrameType.Data, 0, 1)),
  ]),
];

function enveloped(message: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([0]), uint32(message.length), message]);
}

/** A connection without an engine behind it. */
class RawPeer implements AsyncDisposable {
  readonly socket: Socket;
  readonly #ended: Promise<unknown>;
  readonly #ponged: Promise<void>;

  private constructor(socket: Socket) {
    this.socket = socket;
    // A reset by the server is an end as well.
    socket.on("error", () => {});
    this.#ended = new Promise((resolve) => socket.once("close", resolve));
    this.#ponged = new Promise((resolve) => {
      const pong = frame(FrameType.Ping, ACK, 0, Buffer.alloc(8));
      let read = Buffer.alloc(0);
      socket.on("data", (bytes: Buffer) => {
        read = Buffer.concat([read.subarray(-pong.length), bytes]);
        if (read.includes(pong)) resolve();
      });
    });
  }

  static async connect(port: number): Promise<RawPeer> {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    return new RawPeer(socket);
  }

  ended(): Promise<void> {
    return inTime(this.#ended, "the server did not end the connection");
  }

  ponged(): Promise<void> {
    return inTime(Promise.race([this.#ponged, this.#ended.then(() => wrong("ended instead of answering"))]), "no pong");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy();
    await this.#ended;
  }
}

async function inTime(event: Promise<unknown>, otherwise: string): Promise<void> {
  const end = new AbortController();
  const late = delay(PATIENCE_MS, undefined, { signal: end.signal }).then(() => wrong(otherwise));
  try {
    await Promise.race([event, late]);
  } finally {
    end.abort();
    late.catch(() => {});
  }
}
