/**
 * WebSocket: what browsers cannot stream over HTTP, a chat in both directions, over one socket each. Two travellers meet.
 *
 * Run it: npm run example -- websocket-chat
 * You see:
 *
 *     kim hears: kim: slow traffic
 *     lee hears: kim: slow traffic
 *     lee hears: lee: thanks
 *     kim hears: lee: thanks
 *     both have left: true
 */
import { createClient, createServer, type Transport } from "@routeguide/grpc";
import { listen } from "@routeguide/grpc/node";
import { webSocketTransport } from "@routeguide/grpc/web";
import { webSocket } from "@routeguide/grpc/websocket";
import { RouteGuide } from "routeguide";
import { WebSocket } from "ws";
import { Channel } from "./shared/channel.js";
import { NEW_YORK } from "./shared/places.js";

interface Note {
  readonly location?: { readonly latitude: number; readonly longitude: number } | undefined;
  readonly message: string;
}

const kept: Note[] = [];
const everybody = new Set<Channel<Note>>();

const server = createServer().service(RouteGuide, {
  async *routeChat(notes) {
    const mine = new Channel<Note>();
    for (const note of kept) mine.send(note);
    everybody.add(mine);
    // What this traveller says goes to all; what all say comes out below.
    const listening = notes
      .forEachBatch((batch) => {
        for (const note of batch) {
          kept.push(note);
          for (const channel of everybody) channel.send(note);
        }
      })
      .finally(() => mine.close());
    try {
      yield* mine;
      await listening;
    } finally {
      everybody.delete(mine);
    }
  },
});
await using listening = await listen(server, { port: 0 }, { upgrades: [webSocket()] });

/** In a browser there is a WebSocket already, and nothing to pass. */
const open = (): Transport => webSocketTransport({ url: `ws://${listening.address}`, WebSocket });

class Traveller {
  readonly #say = new Channel<Note>();
  readonly #heard: AsyncIterator<Note>;
  readonly #name: string;

  constructor(name: string, transport: Transport) {
    this.#name = name;
    this.#heard = createClient(RouteGuide, transport).routeChat(this.#say)[Symbol.asyncIterator]();
  }

  say(message: string): void {
    this.#say.send({ location: NEW_YORK, message: `${this.#name}: ${message}` });
  }

  async hear(): Promise<void> {
    const { value } = await this.#heard.next();
    console.log(`${this.#name} hears: ${value?.message}`);
  }

  async leave(): Promise<boolean> {
    this.#say.close();
    return (await this.#heard.next()).done === true;
  }
}

await using first = open();
await using second = open();
const kim = new Traveller("kim", first);
kim.say("slow traffic");
await kim.hear();
const lee = new Traveller("lee", second);
await lee.hear();
lee.say("thanks");
await lee.hear();
await kim.hear();
console.log(`both have left: ${(await kim.leave()) && (await lee.leave())}`);
