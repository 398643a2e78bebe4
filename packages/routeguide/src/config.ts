/** The one place that reads the environment. Flags win over the environment, that over the file, that over the defaults. */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, resolve } from "node:path";
import { nearest } from "./config/nearest.js";
import { Expected } from "./config/setting.js";
import { type Config, flagOf, SETTING_NAMES, SETTINGS, variableOf } from "./config/settings.js";
import { disagreement } from "./config/together.js";
import { reasonOf } from "./node-reason.js";

export type { Config, LogLevel, NotesPlace, OutputFormat } from "./config/settings.js";

/** Flags as they were typed. Absent: not given. */
export type Flags = { readonly [K in keyof Config | "config"]?: string | boolean | readonly string[] };

type Environment = Readonly<Record<string, string | undefined>>;

/** A setting that cannot be used. The message is one line for whoever made it. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** One source's value of a setting. */
interface Given {
  readonly value: unknown;
  /** How the source calls it, for errors. */
  readonly where: string;
  /** Where relative paths start. */
  readonly folder: string;
}

/**
 * @param flags what the command line says; `config` names a JSON file with settings
 * @throws {ConfigError} for a value that its setting does not take, for settings that do not go together, or a file that cannot be
 *   read or names unknown settings
 */
export function loadConfig(flags: Flags = {}, env: Environment = process.env): Config {
  const file = readConfigFile(fromFlag(flags, "config") ?? fromEnvironment(env, "config"));
  const config: Partial<Record<keyof Config, unknown>> = {};
  const made = new Set<keyof Config>();
  for (const name of SETTING_NAMES) {
    const found = fromFlag(flags, name) ?? fromEnvironment(env, name) ?? file.get(name);
    if (found !== undefined) made.add(name);
    const given = found ?? initial(name, env);
    const parsed = SETTINGS[name].parse(given.value, given.folder);
    if (parsed instanceof Expected) {
      throw new ConfigError(`${given.where} is ${shown(given.value)}, but must be ${parsed.what}`);
    }
    config[name] = parsed;
  }
  // Each name of SETTINGS, which is every name of Config, has its parsed value now.
  const complete = config as Config;
  const wrong = disagreement(complete, made);
  if (wrong !== undefined) throw new ConfigError(wrong);
  return Object.freeze(complete);
}

/** A list of one is what a flag that may be repeated gives if it stands once. */
const shown = (value: unknown) => JSON.stringify(Array.isArray(value) && value.length === 1 ? value[0] : value);

/** The absolute path of the configuration's file, whether it exists or not; undefined: none was named. */
export function configFile(flags: Flags = {}, env: Environment = process.env): string | undefined {
  const given = fromFlag(flags, "config") ?? fromEnvironment(env, "config");
  return given === undefined ? undefined : resolve(given.folder, String(given.value));
}

/** Whether to write colours to a terminal: no-color.org, and terminals that have none. */
export function wantsColor(isTerminal: boolean, env: Environment = process.env): boolean {
  return isTerminal && !env["NO_COLOR"] && env["TERM"] !== "dumb";
}

function fromFlag(flags: Flags, name: keyof Flags): Given | undefined {
  const value = flags[name];
  const where = name === "config" ? "--config" : flagOf(name);
  return value === undefined ? undefined : { value, where, folder: process.cwd() };
}

function fromEnvironment(env: Environment, name: keyof Flags): Given | undefined {
  const where = name === "config" ? "ROUTEGUIDE_CONFIG" : variableOf(name);
  const text = env[where];
  // An empty variable is how shells and compose files say that there is none.
  if (text === undefined || text === "") return undefined;
  const { isList = false, separator = delimiter } = name === "config" ? {} : SETTINGS[name];
  return { value: isList ? text.split(separator) : text, where, folder: process.cwd() };
}

function initial(name: keyof Config, env: Environment): Given {
  const { initial } = SETTINGS[name];
  const value = typeof initial === "function" ? initial({ platform: process.platform, home: homedir(), env }) : initial;
  return { value, where: `the default of ${name}`, folder: process.cwd() };
}

function readConfigFile(given: Given | undefined): ReadonlyMap<string, Given> {
  if (given === undefined) return new Map();
  const path = resolve(given.folder, String(given.value));
  const values = parseObject(path, given.where);
  return new Map(
    Object.entries(values).map(([name, value]) => {
      if (!Object.hasOwn(SETTINGS, name)) throw new ConfigError(unknownSetting(name, path));
      return [name, { value, where: `${name} in ${path}`, folder: dirname(path) }];
    }),
  );
}

function parseObject(path: string, where: string): object {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new ConfigError(`${where}: cannot read ${path}: ${reasonOf(error)}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`${path} is not JSON: ${reasonOf(error)}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ConfigError(`${path} must hold a JSON object of settings`);
  }
  return value;
}

function unknownSetting(name: string, path: string): string {
  const meant = nearest(name, SETTING_NAMES);
  return `${name} in ${path} is no setting${meant === undefined ? "" : `. Did you mean ${meant}?`}`;
}
