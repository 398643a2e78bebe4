/** The command line: commands, arguments, options, examples. What a command needs is loaded when it runs. */
import { createRequire } from "node:module";
import { Command, Option } from "commander";
import { nearest } from "../config/nearest.js";
import { UsageError } from "./failure.js";
import type { Io } from "./io.js";
import { addSettings, configFileOf, configOf, type SettingNames } from "./options.js";
import { ROUTE_FORMATS, type RouteFormat } from "./points/route-format.js";

const SERVER: SettingNames = [
  "listen",
  "uds",
  "places",
  "notes",
  "nats",
  "natsStream",
  "natsReplicas",
  "natsTimeoutSeconds",
  "natsCreds",
  "natsCa",
  "notesPerPoint",
  "maxNotes",
  "maxTotalNoteBytes",
  "maxNoteBytes",
  "maxMessageBytes",
  "maxConnections",
  "maxConcurrentStreams",
  "stallSeconds",
  "drainSeconds",
  "lameDuckSeconds",
  "reflection",
  "map",
  "admin",
  "adminPublic",
  "logLevel",
  "logFormat",
  "accessLog",
  "slowCallMs",
  "watch",
  "engine",
  "allowOrigin",
  "tlsCert",
  "tlsKey",
  "tlsClientCa",
];
const DIAL: SettingNames = ["ca", "cert", "key", "protocol", "engine"];
const CLIENT: SettingNames = ["address", "timeoutSeconds", "output", ...DIAL];
const PROBE: SettingNames = ["address", "timeoutSeconds", ...DIAL];
const DEMO: SettingNames = ["address", "places", "timeoutSeconds", ...DIAL];

const POINT = "latitude,longitude in degrees or in E7 (degrees times 10,000,000)";

export function createProgram(io: Io): Command {
  const program = new Command("routeguide")
    .description(
      "RouteGuide, gRPC's route-mapping service: what is where, how long a route is, what others say on the way.",
    )
    .version(version(), "-V, --version")
    .helpCommand(false)
    .exitOverride()
    // Errors are reported in one place, see report.ts.
    .configureOutput({
      writeOut: (text) => io.stdout.stream.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: () => {},
    });
  program.addHelpText(
    "after",
    `${examples(["routeguide serve", "routeguide demo", "routeguide list 40,-75 42,-73", "routeguide help record"])}
Every flag is a variable too: --log-level is ROUTEGUIDE_LOG_LEVEL, and --config
names a JSON file with "logLevel".
`,
  );
  addServe(program, io);
  addDemo(program, io);
  addGet(program, io);
  addList(program, io);
  addRecord(program, io);
  addChat(program, io);
  addNotes(program, io);
  addHealth(program, io);
  addHelp(program);
  return program;
}

function addServe(program: Command, io: Io): void {
  const serve = add(program, "serve", "Serve the four calls until told to stop", [
    "routeguide serve",
    "routeguide serve --listen :8080 --places parks.geojson --places shops.csv",
    "routeguide serve --listen unix:/run/routeguide.sock --notes memory",
  ]);
  addSettings(serve, SERVER);
  serve.action(async () => {
    const config = configOf(serve, SERVER);
    if (!config.watch) return (await import("./serve.js")).serve(io, config);
    const { isWorker, work } = await import("./worker.js");
    if (isWorker()) return work(io, config);
    return (await import("./watch.js")).watch(io, config, configFileOf(serve));
  });
}

function addDemo(program: Command, io: Io): void {
  const demo = add(program, "demo", "Make the tutorial's four calls and show what comes back", [
    "routeguide demo",
    "routeguide demo 127.0.0.1:50051",
  ]).argument("[ADDRESS]", "the server; without one, a server of its own answers");
  addSettings(demo, DEMO, { address: "the same as ADDRESS, as other commands take it" });
  demo.action(async (argument: string | undefined, { address = argument }: { readonly address?: string }) => {
    if (argument !== undefined && address !== argument)
      throw new UsageError(`there is one server to call: ${argument}, or ${address}`);
    const config = configOf(demo, DEMO, address === undefined ? {} : { address });
    await (await import("./demo.js")).demo(io, config, address !== undefined);
  });
}

function addGet(program: Command, io: Io): void {
  const get = add(program, "get", "Show what is at a point", [
    "routeguide get 40.71427,-74.00597",
    "routeguide get 407142700,-740059700 --output json",
    "routeguide get 40.71427,-74.00597 --address https://maps.example.com",
  ]).argument("<POINT>", POINT);
  addSettings(get, CLIENT);
  get.action(async (point: string) => (await import("./get.js")).get(io, configOf(get, CLIENT), point));
}

function addList(program: Command, io: Io): void {
  const list = add(program, "list", "List what is in a rectangle", [
    "routeguide list 40,-75 42,-73",
    "routeguide list -34.5,150 -33,152 --output geojson > sydney.geojson",
    "routeguide list -90,-180 90,180 --output ndjson | grep Springfield",
  ])
    .argument("<CORNER>", POINT)
    .argument("<OPPOSITE>", "the other corner, likewise; the rectangle never spans the 180th meridian");
  addSettings(list, CLIENT);
  list.action(async (one: string, other: string) =>
    (await import("./list.js")).list(io, configOf(list, CLIENT), one, other),
  );
}

function addRecord(program: Command, io: Io): void {
  const record = add(program, "record", "Send a route and show its summary", [
    "routeguide record walk.gpx",
    "routeguide record route.csv --output json",
    "routeguide list 40,-75 41,-74 --output ndjson | routeguide record -",
  ])
    .argument("<FILE>", "GPX, CSV, GeoJSON, JSON or NDJSON with points in degrees or E7, gzipped or not; - reads stdin")
    .addOption(new Option("--input <FORM>", "what FILE holds, if neither name nor content say").choices(ROUTE_FORMATS));
  addSettings(record, CLIENT);
  record.action(async (file: string, options: { readonly input?: RouteFormat }) =>
    (await import("./record.js")).record(io, configOf(record, CLIENT), file, options.input),
  );
}

function addChat(program: Command, io: Io): void {
  const chat = add(program, "chat", "Leave notes at points, and see those of others", [
    "routeguide chat --at 40.9146,-74.6189",
    'echo \'{"latitude":40.9,"longitude":-74.6,"message":"jam"}\' | routeguide chat',
  ]).option("--at <POINT>", "where notes are left that name no point of their own");
  addSettings(chat, CLIENT);
  chat.action(async (options: { readonly at?: string }) =>
    (await import("./chat.js")).chat(io, configOf(chat, CLIENT), options.at),
  );
}

function addNotes(program: Command, io: Io): void {
  const notes = add(program, "notes", "Show the notes of an area, and each as it is left", [
    "routeguide notes",
    "routeguide notes 40,-75 42,-73 --recent 100",
    "routeguide notes --output ndjson | tee notes.ndjson",
  ])
    .argument("[CORNER]", `${POINT}; without corners, the world`)
    .argument("[OPPOSITE]", "the other corner, likewise")
    .addOption(
      new Option("--recent <N>", "how many of the newest that are kept come first")
        .default(10)
        .argParser((value) => count("--recent", value)),
    );
  addSettings(notes, CLIENT);
  notes.action(async (one: string | undefined, other: string | undefined, { recent }: { readonly recent: number }) => {
    if (one !== undefined && other === undefined)
      throw new UsageError("one corner is no area: give the opposite one, too");
    await (await import("./notes.js")).notes(io, configOf(notes, CLIENT), recent, one, other);
  });
}

function count(flag: string, value: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new UsageError(`${flag} is ${value === "" ? "empty" : value}, expected a whole number from 0 to 999999999`);
}

function addHealth(program: Command, io: Io): void {
  const health = add(program, "health", "Ask whether a server serves: exit code 0 if it does, 1 if not", [
    "routeguide health",
    "routeguide health routeguide.RouteGuide --address maps.example.com:50051",
  ]).argument("[SERVICE]", "the full name of a service; without one, the server as a whole");
  addSettings(health, PROBE, { timeoutSeconds: "give up when no answer has come for so long (default: 5)" });
  health.action(async (service = "") => (await import("./health.js")).health(io, configOf(health, PROBE), service));
}

/** Commander's own prints the whole help for a command that it does not know. */
function addHelp(program: Command): void {
  program
    .command("help [COMMAND]")
    .summary("Show what a command takes")
    .helpOption(false)
    .action((name?: string) => {
      const command = name === undefined ? program : program.commands.find((each) => each.name() === name);
      if (command === undefined) throw new UsageError(unknownCommand(program, name ?? ""));
      command.outputHelp();
    });
}

function unknownCommand(program: Command, name: string): string {
  const meant = nearest(
    name,
    program.commands.map((each) => each.name()),
  );
  return `unknown command '${name}'${meant === undefined ? "" : `. Did you mean ${meant}?`}`;
}

function add(program: Command, name: string, summary: string, lines: readonly string[]): Command {
  return program.command(name).summary(summary).description(`${summary}.`).addHelpText("after", examples(lines));
}

const examples = (lines: readonly string[]) => `\nExamples:\n${lines.map((line) => `  ${line}`).join("\n")}\n`;

/** From dist/src/cli. */
function version(): string {
  return (createRequire(import.meta.url)("../../../package.json") as { readonly version: string }).version;
}
