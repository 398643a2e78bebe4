import type { Config } from "../config.js";
import type { Log } from "../server.js";
import { colorsOf } from "./colors.js";
import type { Io } from "./io.js";
import { printable } from "./printable.js";

type LogConfig = Pick<Config, "logLevel" | "logFormat">;

/** Whether the log is for people: on a terminal, unless something else was asked for. */
export function isText({ logFormat }: Pick<Config, "logFormat">, stderr: Io["stderr"]): boolean {
  return logFormat === "auto" ? stderr.isTTY === true : logFormat === "text";
}

/** The log: a line of text for each entry, or a line of JSON. */
export async function openLog(config: LogConfig, stderr: Io["stderr"]): Promise<Log> {
  const { pino } = await import("pino");
  const asText = isText(config, stderr);
  const colors = colorsOf(stderr);
  const log: Log = pino(
    { level: config.logLevel, base: asText ? null : { pid: process.pid } },
    asText ? { write: (line) => stderr.write(textOf(line, colors)) } : stderr,
  );
  return log;
}

interface Entry {
  readonly level: number;
  readonly time: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** One entry of pino's as a line for people: 14:03:59.120 warn  a call failed method=/routeguide.RouteGuide/GetFeature */
export function textOf(json: string, { dim, red, yellow }: ReturnType<typeof colorsOf>): string {
  const { level, time, msg, err, ...fields }: Entry = JSON.parse(json);
  const name = level >= 50 ? red("error") : level >= 40 ? yellow("warn ") : level >= 30 ? "info " : "debug";
  const details = Object.entries(fields).map(
    ([key, value]) => ` ${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  const text = `${dim(new Date(time).toISOString().slice(11, 23))} ${name} ${printable(msg + details.join(""))}\n`;
  return text + stackOf(err);
}

const stackOf = (error: unknown) =>
  typeof error === "object" && error !== null && "stack" in error
    ? `${String(error.stack).split("\n").map(printable).join("\n")}\n`
    : "";
