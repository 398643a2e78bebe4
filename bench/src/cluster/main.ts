/** npm run measure:cluster: what it costs to keep notes in NATS, beside memory and a folder. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { positive, program, readOptions, UsageError } from "../command-line.js";
import { ServerProcess } from "../server-process.js";
import { PRODUCT } from "../servers.js";
import { Talk } from "./talk.js";

const USAGE = `npm run measure:cluster -- --nats-server PATH [--seconds 5]

Starts routeguide serve with its notes in memory, in a folder, and in NATS; there one server of it, and two. Prints how many notes a
second they take from 8 chats a server, each with 50 notes of 200 bytes on their way, and how long a chat waits for its own note and
for one that was posted at the other server. Clients, servers and NATS share this machine. Only 127.0.0.1 is contacted.`;

const CHATS = 8;
const TOGETHER = 50;
const WARM_UP_ROUNDS = 300;
const ROUNDS = 1500;
/** When NATS syncs to its disk. */
const SYNC = { "synced every 2 minutes": '"2m"', "each message synced": "always" };

/** Starts a server with these flags about its notes. */
type Serve = (notes: readonly string[]) => Promise<ServerProcess>;

await program(async () => {
  const options = readOptions({
    "nats-server": { type: "string" },
    seconds: { type: "string", default: "5" },
    help: { type: "boolean", default: false },
  });
  if (options.help) {
    console.log(USAGE);
    return;
  }
  const nats = options["nats-server"];
  if (nats === undefined) throw new UsageError("--nats-server is missing: the path of the program");
  await measureAll(nats, positive("seconds", options.seconds));
});

async function measureAll(natsServer: string, seconds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "routeguide-cluster-"));
  try {
    const serve = servingIn(folder);
    console.log("| notes in | notes a second | own note, p50 / p99 (ms) | the other server's note, p50 / p99 (ms) |");
    console.log("|---|---:|---:|---:|");
    await measure("memory", [["--notes", "memory"]], serve, seconds);
    await measure("a folder", [["--notes", join(folder, "notes")]], serve, seconds);
    for (const [sync, interval] of Object.entries(SYNC)) {
      for (const servers of [1, 2]) {
        const config = join(folder, "nats.conf");
        const store = join(folder, `${servers}${sync}`);
        writeFileSync(config, `jetstream { store_dir: "${store}", sync_interval: ${interval} }\n`);
        await using nats = await ServerProcess.startProgram(natsServer, [
          ...["-c", config, "-a", "127.0.0.1", "-p", "{port}"],
        ]);
        const flags = ["--nats", `nats://127.0.0.1:${nats.port}`];
        await measure(`NATS, ${sync}; servers: ${servers}`, Array(servers).fill(flags), serve, seconds);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function servingIn(folder: string): Serve {
  const places = join(folder, "places.json");
  writeFileSync(places, JSON.stringify([{ location: { latitude: 1, longitude: 1 }, name: "here" }]));
  // One note at a point: else each that is posted where others are would bring them, too.
  const always = ["serve", "--places", places, "--log-level", "silent", "--notes-per-point", "1"];
  return (notes) => ServerProcess.start(PRODUCT.script, [...always, "--listen", "127.0.0.1:{port}", ...notes]);
}

/** Prints a row about as many servers as there are lists of flags. */
async function measure(title: string, flags: readonly (readonly string[])[], serve: Serve, seconds: number) {
  const servers: ServerProcess[] = [];
  try {
    for (const notes of flags) servers.push(await serve(notes));
    const [first, second] = servers.map(({ port }) => port);
    if (first === undefined) return;
    const own = await roundTrips(first, undefined);
    const other = second === undefined ? "" : await roundTrips(first, second);
    const rate = await notesPerSecond(
      servers.map(({ port }) => port),
      seconds,
    );
    console.log(`| ${title} | ${rate.toLocaleString("en")} | ${own} | ${other} |`);
  } finally {
    for (const server of servers) await server.stop();
  }
}

/** How long a note takes from its posting to its poster, or to a chat at another server, as p50 / p99. */
async function roundTrips(from: number, to: number | undefined): Promise<string> {
  await using poster = new Talk(from);
  await using listener = to === undefined ? undefined : new Talk(to);
  const here = { latitude: 1, longitude: 1 };
  if (listener !== undefined) {
    listener.post(here);
    await listener.hear(1);
  }
  const times: number[] = [];
  for (let i = 0; i < WARM_UP_ROUNDS + ROUNDS; i++) {
    const started = performance.now();
    poster.post(here);
    const heard = poster.hear(1);
    await (listener?.hear(1) ?? heard);
    if (i >= WARM_UP_ROUNDS) times.push(performance.now() - started);
    await heard;
  }
  times.sort((a, b) => a - b);
  const quantile = (share: number) => (times[Math.floor(times.length * share)] ?? Number.NaN).toFixed(2);
  return `${quantile(0.5)} / ${quantile(0.99)}`;
}

async function notesPerSecond(ports: readonly number[], seconds: number): Promise<number> {
  let answered = 0;
  const started = performance.now();
  const end = started + seconds * 1000;
  await Promise.all(
    ports.flatMap((port, node) =>
      Array.from({ length: CHATS }, async (_, chat) => {
        await using talk = new Talk(port);
        // Where nobody else is.
        const points = Array.from({ length: TOGETHER }, (_, i) => ({ latitude: 1000 * node + chat, longitude: 1 + i }));
        while (performance.now() < end) {
          talk.post(...points);
          await talk.hear(TOGETHER);
          answered += TOGETHER;
        }
      }),
    ),
  );
  return Math.round((answered / (performance.now() - started)) * 1000);
}
