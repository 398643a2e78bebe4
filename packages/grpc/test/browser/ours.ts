/** Our own client, over fetch and over a WebSocket. */
import { type Client, createClient, jsonFormat, type RpcError, type Transport } from "@routeguide/grpc";
import { BadRequestSchema } from "@routeguide/grpc/details";
import { fetchTransport, type PlatformWebSocketConstructor, webSocketTransport } from "@routeguide/grpc/web";
import {
  CANCELLED,
  type Check,
  collect,
  DEADLINE_EXCEEDED,
  equal,
  fails,
  holds,
  INVALID_ARGUMENT,
  type Place,
  UNAVAILABLE,
  UNIMPLEMENTED,
} from "./check.js";
import { AREA, freshPoint, NEW_YORK, NEW_YORK_NAME, NOWHERE, ROUTE, RouteGuide, WORLD, WRONG } from "./world.js";

type RouteGuideClient = Client<typeof RouteGuide>;

interface Way {
  readonly name: string;
  readonly streamsRequests: boolean;
  open(place: Place): Transport;
  /** The same, with a count of the bytes of responses that the transport has taken from the platform. */
  openCounted(place: Place, count: (bytes: number) => void): Transport;
  readonly json: boolean;
  /** The most that the transport takes from the platform for a reader that has stopped; the world has more than 8,000,000. */
  readonly mostAheadBytes: number;
}

const overFetch = (protocol: "connect" | "grpc-web", json = false): Way => ({
  name: `fetchTransport, ${protocol}${json ? " with JSON" : ""}`,
  streamsRequests: false,
  json,
  // Chromium hands over up to 2 MiB at once.
  mostAheadBytes: 6_500_000,
  open: ({ baseUrl }) => fetchTransport({ baseUrl, protocol }),
  openCounted: ({ baseUrl }, count) =>
    fetchTransport({
      baseUrl,
      protocol,
      async fetch(url, request) {
        const response = await fetch(url, request as RequestInit);
        const counting = new TransformStream<Uint8Array, Uint8Array>(
          {
            transform(chunk, controller) {
              count(chunk.length);
              controller.enqueue(chunk);
            },
          },
          // Takes nothing ahead, so that what is counted is what was asked for.
          new CountQueuingStrategy({ highWaterMark: 1 }),
          new CountQueuingStrategy({ highWaterMark: 0 }),
        );
        const body = response.body?.pipeThrough(counting) ?? null;
        return new Response(body, response);
      },
    }),
});

const overWebSocket: Way = {
  name: "webSocketTransport",
  json: false,
  mostAheadBytes: 2_000_000,
  streamsRequests: true,
  open: ({ baseUrl }) => webSocketTransport({ url: baseUrl }),
  openCounted({ baseUrl }, count) {
    class Counting extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols);
        this.addEventListener("message", ({ data }) => count((data as ArrayBuffer).byteLength));
      }
    }
    return webSocketTransport({ url: baseUrl, WebSocket: Counting as unknown as PlatformWebSocketConstructor });
  },
};

const clientOf = ({ json }: Way, transport: Transport): RouteGuideClient =>
  createClient(RouteGuide, transport, { format: json ? jsonFormat() : "proto" });

const WAYS = [overFetch("connect"), overFetch("connect", true), overFetch("grpc-web"), overWebSocket];

/** What holds for each way to call. */
const CHECKS: Readonly<Record<string, (client: RouteGuideClient, place: Place) => Promise<void>>> = {
  async "GetFeature finds a place, and none where there is none"(client) {
    equal((await client.getFeature(NEW_YORK)).name, NEW_YORK_NAME);
    equal((await client.getFeature(NOWHERE)).name, "");
  },

  async "ListFeatures streams an area"(client) {
    const names = (await collect(client.listFeatures(AREA))).map(({ name }) => name);
    holds(names.includes(NEW_YORK_NAME) && names.length > 10, `the area has ${names}`);
  },

  async "errors come with code, message and details"(client) {
    const error = (await fails(client.getFeature(WRONG), INVALID_ARGUMENT)) as RpcError;
    const [request] = error.findDetails(BadRequestSchema);
    equal(request?.fieldViolations.length, 1, "violations");
    holds(error.rawMessage.includes("latitude"), error.rawMessage);
    const stream = collect(client.listFeatures({ lo: WRONG, hi: WRONG }));
    equal(((await fails(stream, INVALID_ARGUMENT)) as RpcError).findDetails(BadRequestSchema).length, 1, "details");
  },

  async "a stream is cancelled by leaving its loop, and by a signal"(client) {
    for await (const _ of client.listFeatures(WORLD)) break;
    const abort = new AbortController();
    const world = collectUntil(client.listFeatures(WORLD, { signal: abort.signal }), () => abort.abort());
    await fails(world, CANCELLED);
    equal((await client.getFeature(NEW_YORK)).name, NEW_YORK_NAME);
  },

  async "a deadline ends a stream that is read slowly"(client) {
    await fails(readSlowly(client.listFeatures(WORLD, { timeoutMs: 200 })), DEADLINE_EXCEEDED);
  },
};

/** What takes a stream of requests. */
const STREAMING_CHECKS: typeof CHECKS = {
  async "RecordRoute takes a stream of points"(client) {
    const { pointCount, featureCount, distance } = await client.recordRoute(ROUTE);
    equal([pointCount, featureCount], [2, 2], "points and features");
    holds(distance > 50_000 && distance < 70_000, `${distance} m`);
  },

  async "RouteChat answers each note before the next is sent"(client) {
    const location = freshPoint();
    const seen: string[] = [];
    const answers = new Turns();
    async function* notes() {
      for (let i = 1; i <= 3; i++) {
        yield { location, message: `note ${i}` };
        await answers.until((i * (i + 1)) / 2);
      }
    }
    for await (const { message } of client.routeChat(notes())) {
      seen.push(message);
      answers.come();
    }
    equal(seen, ["note 1", "note 1", "note 2", "note 1", "note 2", "note 3"]);
  },

  async "a note reaches another traveller while both chat"(client, place) {
    const location = freshPoint();
    await using otherTransport = overWebSocket.open(place);
    const other = createClient(RouteGuide, otherTransport);
    const heard = new Turns();
    async function* listens() {
      yield { location, message: "anybody here?" };
      await heard.until(2);
    }
    async function* speaks() {
      await heard.until(1);
      yield { location, message: "yes" };
    }
    const speaking = collect(other.routeChat(speaks()));
    const messages: string[] = [];
    for await (const { message } of client.routeChat(listens())) {
      messages.push(message);
      heard.come();
    }
    equal(messages, ["anybody here?", "yes"]);
    equal((await speaking).length, 2, "what the other one saw");
  },

  async "a chat that nobody answers ends at its deadline"(client) {
    const never = new Promise<never>(() => {});
    async function* silence() {
      await never;
      yield {};
    }
    await fails(collect(client.routeChat(silence(), { timeoutMs: 200 })), DEADLINE_EXCEEDED);
  },

  async "a large route arrives"(client) {
    function* points() {
      for (let i = 0; i < 100_000; i++) yield { latitude: 400_000_000 + i, longitude: -740_000_000 };
    }
    equal((await client.recordRoute(points())).pointCount, 100_000);
  },
};

export const ours: readonly Check[] = WAYS.flatMap((way) => {
  const checks = way.streamsRequests ? { ...CHECKS, ...STREAMING_CHECKS } : CHECKS;
  return [
    ...Object.entries(checks).map(
      ([title, run]): Check => ({
        title: `${way.name}: ${title}`,
        async run(place) {
          await using transport = way.open(place);
          await run(clientOf(way, transport), place);
        },
      }),
    ),
    {
      title: `${way.name}: a list of all places waits for a slow reader, and arrives whole`,
      run: (at) => holdBack(way, at),
    },
    ...(way.streamsRequests
      ? []
      : [
          { title: `${way.name}: says what calls with a stream of requests need`, run: (at: Place) => refuse(way, at) },
        ]),
  ];
});

async function holdBack(way: Way, place: Place): Promise<void> {
  let taken = 0;
  await using transport = way.openCounted(place, (bytes) => {
    taken += bytes;
  });
  await using others = way.open(place);
  const client = clientOf(way, transport);
  const prober = clientOf(way, others);
  let count = 0;
  for await (const _ of client.listFeatures(WORLD)) {
    if (++count !== 1) continue;
    // Nothing more comes once it has been the same after each of many answers.
    for (let last = -1; last !== taken; ) {
      last = taken;
      for (let i = 0; i < 20; i++) await prober.getFeature(NOWHERE);
    }
    holds(taken < way.mostAheadBytes, `${taken} bytes were taken for a reader that has stopped`);
  }
  equal(count, place.placeCount, "places");
}

async function refuse(way: Way, place: Place): Promise<void> {
  await using transport = way.open(place);
  const client = createClient(RouteGuide, transport);
  const error = await fails(client.recordRoute(ROUTE), UNIMPLEMENTED);
  holds(error.message.includes("webSocketTransport"), error.message);
  await fails(collect(client.routeChat([])), UNIMPLEMENTED);
}

/** Where the page may not call. */
export const oursRefused: readonly Check[] = WAYS.map((way) => ({
  title: `${way.name}: is refused, and says where`,
  async run(place) {
    await using transport = way.open(place);
    const client = clientOf(way, transport);
    await fails(client.getFeature(NEW_YORK), UNAVAILABLE);
    await fails(collect(client.listFeatures(AREA)), UNAVAILABLE);
  },
}));

async function collectUntil<T>(messages: AsyncIterable<T>, first: () => void): Promise<void> {
  let count = 0;
  for await (const _ of messages) {
    if (++count === 1) first();
  }
}

async function readSlowly(messages: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of messages) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** Lets one side of a conversation wait for the other. */
class Turns {
  #count = 0;
  #wakes: (() => void)[] = [];

  async until(count: number): Promise<void> {
    while (this.#count < count) await new Promise<void>((resolve) => this.#wakes.push(resolve));
  }

  come(): void {
    this.#count++;
    for (const wake of this.#wakes.splice(0)) wake();
  }
}
