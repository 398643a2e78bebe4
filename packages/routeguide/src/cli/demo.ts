import { connect, type RouteGuideClient } from "../client.js";
import type { Config } from "../config.js";
import type { Point } from "../geo/point.js";
import { callOptions } from "./calls.js";
import { colorsOf } from "./colors.js";
import { trimPoint } from "./degrees.js";
import type { Io } from "./io.js";
import type { Note } from "./notes-input.js";
import { printable } from "./printable.js";
import { formatDistance, grouped } from "./shapes.js";

const LO: Point = { latitude: 400_000_000, longitude: -750_000_000 };
const HI: Point = { latitude: 420_000_000, longitude: -730_000_000 };
/** In the Atlantic, 600 km from the next island. */
const AT_SEA: Point = { latitude: 350_000_000, longitude: -500_000_000 };
/** The tutorials' own feature, for a server that has nothing in the rectangle. */
const TUTORIAL_POINT: Point = { latitude: 409_146_138, longitude: -746_188_906 };
const FEATURES_SHOWN = 10;
/** A thousandth of a degree in E7, about 110 m. */
const STEP = 10_000;

/** The tutorial's client: makes all four calls, and shows what is sent and what comes back. */
export async function demo(io: Io, config: Config, isRemote: boolean): Promise<void> {
  await using own = isRemote ? undefined : await (await import("./demo-server.js")).startDemoServer(config);
  await using guide = connect(own?.target ?? config.address, config);
  const { client } = guide;
  const options = callOptions(io, config);
  const { bold } = colorsOf(io.stdout);
  const say = (line: string) => io.stdout.write(`${printable(line)}\n`);
  const title = (text: string) => io.stdout.write(`\n${bold(`*** ${text} ***`)}\n`);
  await say(
    own === undefined
      ? `Calling ${config.address}`
      : `Calling a server of its own with ${grouped(own.placeCount)} places`,
  );

  await title("UNARY: GetFeature");
  await showFeature(client, await firstPlace(client, options), options, say);
  await showFeature(client, AT_SEA, options, say);

  await title("SERVER STREAMING: ListFeatures");
  const seen = await showFeatures(client, options, say);

  await title("CLIENT STREAMING: RecordRoute");
  await showRoute(client, seen, options, say);

  await title("BIDIRECTIONAL STREAMING: RouteChat");
  await showChat(client, options, say);
}

type Options = ReturnType<typeof callOptions>;
type Say = (line: string) => Promise<void>;

/** Where the first named feature of the rectangle is. Leaving the loop tells the server to send no more. */
async function firstPlace(client: RouteGuideClient, options: Options): Promise<Point> {
  for await (const { name, location } of client.listFeatures({ lo: LO, hi: HI }, options)) {
    if (name !== "" && location !== undefined) return location;
  }
  return TUTORIAL_POINT;
}

async function showFeature(client: RouteGuideClient, point: Point, options: Options, say: Say): Promise<void> {
  const { name } = await client.getFeature(point, options);
  await say(name === "" ? `No feature at ${trimPoint(point)}` : `Feature "${name}" at ${trimPoint(point)}`);
}

/** @returns where the first features are */
async function showFeatures(client: RouteGuideClient, options: Options, say: Say): Promise<Point[]> {
  await say(`Looking for features between ${trimPoint(LO)} and ${trimPoint(HI)}`);
  const seen: Point[] = [];
  let count = 0;
  for await (const { name, location } of client.listFeatures({ lo: LO, hi: HI }, options)) {
    count++;
    if (location === undefined || count > FEATURES_SHOWN) continue;
    seen.push(location);
    await say(`Feature "${name}" at ${trimPoint(location)}`);
  }
  await say(`${count > FEATURES_SHOWN ? "... " : ""}${grouped(count)} features in all`);
  return seen;
}

/** A route from anywhere to anywhere, with a known feature now and then. */
async function showRoute(client: RouteGuideClient, known: readonly Point[], options: Options, say: Say): Promise<void> {
  const points = Array.from({ length: randomInteger(2, 100) }, (_, i) => known[i / 4] ?? randomPoint());
  await say(`Traversing ${points.length} points`);
  const { pointCount, featureCount, distance, elapsedTime } = await client.recordRoute(points, options);
  await say(`Summary: ${pointCount} points, ${featureCount} features, ${formatDistance(distance)}, ${elapsedTime} s`);
}

/** Two notes at each of three points: the second of a point brings back both. */
async function showChat(client: RouteGuideClient, options: Options, say: Say): Promise<void> {
  // Points that nobody is likely to have used, so that a server that keeps notes answers with these only.
  const { latitude, longitude } = randomPoint();
  const notes = ["First", "Second", "Third", "Fourth", "Fifth", "Sixth"].map((word, i) => ({
    location: { latitude, longitude: longitude + (i % 3) * STEP },
    message: `${word} message`,
  }));
  async function* posted(): AsyncGenerator<Note> {
    for (const note of notes) {
      await say(`Sent  "${note.message}" at ${trimPoint(note.location)}`);
      yield note;
    }
  }
  for await (const { location, message } of client.routeChat(posted(), options)) {
    await say(`Heard "${message}" at ${trimPoint(location ?? AT_SEA)}`);
  }
}

/** Anywhere between the polar circles, in steps of a thousandth of a degree. */
const randomPoint = (): Point => ({
  latitude: randomInteger(-66_000, 66_000) * STEP,
  longitude: randomInteger(-179_000, 179_000) * STEP,
});

const randomInteger = (least: number, most: number) => least + Math.floor(Math.random() * (most - least + 1));
