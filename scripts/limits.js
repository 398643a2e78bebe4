// Writes the tables of docs/limits.md from the sources that hold the limits; with --check only says whether they are current.
import { readFileSync, writeFileSync } from "node:fs";
import { http1Limits } from "../packages/grpc/dist/src/carrier/http1-limits.js";
import { webSocketLimits } from "../packages/grpc/dist/src/carrier/web-socket-limits.js";
import { clientLimits, serverLimits } from "../packages/grpc/dist/src/h2/limits.js";
import { Violation } from "../packages/grpc/dist/src/h2/violation.js";
import { healthLimits } from "../packages/grpc/dist/src/services/health-limits.js";
import { flagOf, SETTING_NAMES, SETTINGS } from "../packages/routeguide/dist/src/config/settings.js";
import { adminLimits } from "../packages/routeguide/dist/src/http/admin-limits.js";
import { DEFAULT_NOTE_LIMITS } from "../packages/routeguide/dist/src/notes/note-limits.js";
import { onlyChecks } from "./command-line.js";

/** @typedef {import("../packages/routeguide/dist/src/config/settings.js").Config} Config */

const isCheck = onlyChecks("node scripts/limits.js", "Writes the tables of docs/limits.md");

/**
 * The settings of routeguide serve for these limits.
 *
 * @type {Readonly<Record<string, keyof Config>>}
 */
const SETTING_OF = {
  maxConcurrentStreams: "maxConcurrentStreams",
  maxConnections: "maxConnections",
  drainGraceMs: "drainSeconds",
  stallMs: "stallSeconds",
  messageBytes: "maxNoteBytes",
  notesPerPoint: "notesPerPoint",
  notes: "maxNotes",
  bytes: "maxTotalNoteBytes",
};

/** RFC 9113, section 7. */
const CODE_NAMES = [
  ...["NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED"],
  ...["FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM"],
];

const file = new URL("../docs/limits.md", import.meta.url);
const before = readFileSync(file, "utf8");
const after = [
  ["the port", portTable()],
  ["HTTP/1.1", fixedTable("packages/grpc/src/carrier/http1-limits.ts", http1Limits)],
  ["WebSockets", fixedTable("packages/grpc/src/carrier/web-socket-limits.ts", webSocketLimits)],
  ["health", fixedTable("packages/grpc/src/services/health-limits.ts", healthLimits)],
  ["notes", noteTable()],
  ["the admin port", fixedTable("packages/routeguide/src/http/admin-limits.ts", adminLimits)],
  ["names", nameTable()],
].reduce((text, [name, table]) => replaceBetween(text, name ?? "", table ?? ""), before);
if (after === before) {
  console.log("docs/limits.md: current");
} else if (isCheck) {
  console.error("docs/limits.md does not say what the sources say: run node scripts/limits.js");
  process.exitCode = 1;
} else {
  writeFileSync(file, after);
  console.log("docs/limits.md: written");
}

function portTable() {
  const documented = documentedFields("packages/grpc/src/h2/limits.ts");
  const client = new Map(Object.entries(clientLimits));
  const rows = Object.entries(serverLimits).map(([name, value]) => {
    const { text, violation } = documentationOf(documented, name);
    const atClient = client.get(name);
    const other = atClient === undefined || atClient === value ? "" : `; a client: ${figure(name, atClient)}`;
    return [`\`${name}\``, `${figure(name, value)}${other}`, text, violation, settingOf(name)];
  });
  return table(["limit", "default", "what, where the figure is from, past it", "name", "routeguide serve"], rows);
}

/**
 * Limits that routeguide serve does not set.
 *
 * @param {string} path of the file that documents them
 * @param {object} limits
 */
function fixedTable(path, limits) {
  const documented = documentedFields(path);
  const rows = Object.entries(limits).map(([name, value]) => {
    return [`\`${name}\``, figure(name, value), documentationOf(documented, name).text];
  });
  return table(["limit", "default", "what, where the figure is from, past it"], rows);
}

function noteTable() {
  const documented = documentedFields("packages/routeguide/src/notes/note-limits.ts");
  const rows = Object.entries(DEFAULT_NOTE_LIMITS).map(([name, value]) => {
    const { text } = documentationOf(documented, name);
    const setting = SETTING_OF[name];
    return [
      `\`${name}\``,
      figure(name, setting === undefined ? value : Number(SETTINGS[setting].initial)),
      text,
      settingOf(name),
    ];
  });
  return table(["limit", "default", "what, and past it", "routeguide serve"], rows);
}

function nameTable() {
  const rows = Object.values(Violation).map(({ name, code }) => [`\`${name}\``, CODE_NAMES[code] ?? String(code)]);
  return table(["name", "code"], rows);
}

/**
 * The comment of each field of a file's interface, by the field's name.
 *
 * @param {string} path
 */
function documentedFields(path) {
  const source = readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
  /** @type {Map<string, string>} */
  const fields = new Map();
  for (const [, comment = "", name = ""] of source.matchAll(/\/\*\*((?:(?!\*\/).)*)\*\/\s+readonly (\w+):/gs)) {
    fields.set(name, comment.replace(/\s+\*?\s*/g, " ").trim());
  }
  return fields;
}

/**
 * What a comment says, and the name of the violation in its brackets.
 *
 * @param {ReadonlyMap<string, string>} documented
 * @param {string} name
 */
function documentationOf(documented, name) {
  const comment = documented.get(name);
  if (comment === undefined) throw new Error(`${name} is not documented where it is declared`);
  const violation = /\[(\w+)\]/.exec(comment)?.[1];
  if (violation !== undefined && !Object.values(Violation).some(({ name }) => name === violation)) {
    throw new Error(`${name} names ${violation}, which is no violation`);
  }
  return { text: comment.replace(/ ?\[\w+\]/g, ""), violation: violation === undefined ? "" : `\`${violation}\`` };
}

/** @param {string} name */
function settingOf(name) {
  const setting = SETTING_OF[name];
  if (setting === undefined) return "";
  if (!SETTING_NAMES.includes(setting)) throw new Error(`routeguide has no setting ${setting}`);
  // Of these its default is another one than the runtime's.
  const own = setting.endsWith("Seconds") ? `, ${figure(name, 1000 * Number(SETTINGS[setting].initial))}` : "";
  return `\`${flagOf(setting)}\`${own}`;
}

/**
 * A figure with its unit, as the name's ending tells it.
 *
 * @param {string} name
 * @param {number} value
 */
function figure(name, value) {
  if (value === 0) return "off";
  if (/bytes$/i.test(name))
    return inUnits(value, [
      [2 ** 20, "MiB"],
      [2 ** 10, "KiB"],
      [1, "bytes"],
    ]);
  if (/Ms$/.test(name))
    return inUnits(value, [
      [60_000, "min"],
      [1000, "s"],
      [1, "ms"],
    ]);
  return value.toLocaleString("en");
}

/**
 * @param {number} value
 * @param {readonly (readonly [number, string])[]} units
 */
function inUnits(value, units) {
  const [size, unit] = units.find(([size]) => value % size === 0) ?? [1, ""];
  return `${(value / size).toLocaleString("en")} ${unit}`;
}

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
function table(head, rows) {
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/**
 * @param {string} text
 * @param {string} name
 * @param {string} content
 */
function replaceBetween(text, name, content) {
  const [begin, end] = [`<!-- ${name}: written by scripts/limits.js -->\n`, `\n<!-- end of ${name} -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`docs/limits.md has no place for ${name}`);
  return text.slice(0, from + begin.length) + content + text.slice(to);
}
