// Writes the walls between rooms into biome.json as restricted imports; with --check only says whether they are current.
// A file imports only rooms with smaller numbers, its own, and the files that stand before all rooms (in packages/grpc/src exchange.ts,
// fields.ts, options.ts, nearest.ts and shown.ts); only node-*.ts imports node:*.
import { readFileSync, writeFileSync } from "node:fs";
import { onlyChecks } from "./command-line.js";

const isCheck = onlyChecks("node scripts/walls.js", "Writes the walls between rooms into biome.json");

/** Rooms in their order along the way in. Rooms of one row do not see each other. */
const GRPC_ROOMS = [
  ["h2"],
  ["carrier"],
  ["envelope"],
  ["message"],
  ["call"],
  ["protocol"],
  ["server", "client"],
  ["services"],
];
const ROUTEGUIDE_ROOMS = [
  ["geo"],
  ["contract"],
  ["atlas", "route", "notes"],
  ["stores"],
  ["service"],
  ["http"],
  ["config"],
  ["config.js"],
  ["server.js", "client.js"],
  ["cli"],
];
const CODELAB_ROOMS = [
  ["program", "project", "wire"],
  ["build"],
  ["check"],
  ["report", "run"],
  ["steps.js"],
  ["text"],
  ["view"],
  ["cli"],
  ["selfcheck"],
];
/** Rooms of routeguide that take bytes, start, end and never see the runtime. */
const RUNTIME_FREE = 4;

const NODE_ONLY = {
  group: ["node:*"],
  message: "Only files named node-*.ts import node:*, so that the browser entry is clean by name.",
};
const RUNTIME = { group: ["@routeguide/grpc", "@routeguide/grpc/*"], message: "Rooms 1 to 4 do not see the runtime." };

/** @param {string} room */
const pathsTo = (room) => (room.endsWith(".js") ? [`**/${room}`] : [`**/${room}/**`]);

/**
 * @param {string[][]} rooms
 * @param {number} row
 * @param {string} room
 */
function hidden(rooms, row, room) {
  const names = rooms.flatMap((names, i) => (i < row ? [] : names.filter((name) => name !== room)));
  return { group: names.flatMap(pathsTo), message: `The room ${room} imports only rooms before it on the way in.` };
}

/**
 * @param {string[]} includes
 * @param {{ group: string[], message: string }[]} patterns
 */
const rule = (includes, patterns) => ({
  includes: [...includes, "!**/*.test.ts"],
  linter: { rules: { style: { noRestrictedImports: { level: "error", options: { patterns } } } } },
});

const walls = [
  rule(["packages/grpc/src/*.ts", "!packages/grpc/src/node.ts"], [NODE_ONLY]),
  ...GRPC_ROOMS.flatMap((names, row) =>
    names.flatMap((room) => {
      const walls = hidden(GRPC_ROOMS, row, room);
      const folder = `packages/grpc/src/${room}/**`;
      return [
        rule(
          [folder, `!packages/grpc/src/${room}/**/node-*.ts`],
          walls.group.length > 0 ? [walls, NODE_ONLY] : [NODE_ONLY],
        ),
        ...(walls.group.length > 0 ? [rule([`packages/grpc/src/${room}/**/node-*.ts`], [walls])] : []),
      ];
    }),
  ),
  ...ROUTEGUIDE_ROOMS.flatMap((names, row) =>
    names.map((room) => {
      const walls = hidden(ROUTEGUIDE_ROOMS, row, room);
      const source = room.endsWith(".js") ? room.replace(/js$/, "ts") : `${room}/**`;
      const patterns = [...(walls.group.length > 0 ? [walls] : []), ...(row < RUNTIME_FREE ? [RUNTIME] : [])];
      return rule([`packages/routeguide/src/${source}`], patterns);
    }),
  ),
  ...CODELAB_ROOMS.flatMap((names, row) =>
    names.map((room) => {
      const source = room.endsWith(".js") ? room.replace(/js$/, "ts") : `${room}/**`;
      const walls = hidden(CODELAB_ROOMS, row, room);
      return rule([`packages/codelab/src/${source}`], walls.group.length > 0 ? [walls] : []);
    }),
  ),
].filter(({ linter }) => linter.rules.style.noRestrictedImports.options.patterns.length > 0);

const file = new URL("../biome.json", import.meta.url);
const before = readFileSync(file, "utf8");
// Overrides that say how files are formatted are no walls, and stay.
const config = JSON.parse(before);
/** @type {{ linter?: unknown }[]} */
const formats = config.overrides.filter((/** @type {{ linter?: unknown }} */ { linter }) => linter === undefined);
const after = `${JSON.stringify({ ...config, overrides: [...formats, ...walls] }, null, 2)}\n`;
if (JSON.stringify(config) === JSON.stringify(JSON.parse(after))) {
  console.log("walls: current");
} else if (isCheck) {
  console.error(
    "walls: biome.json does not hold the walls of scripts/walls.js: run node scripts/walls.js && npm run format",
  );
  process.exitCode = 1;
} else {
  writeFileSync(file, after);
  console.log("walls: written to biome.json");
}
