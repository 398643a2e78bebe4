import { type Command, Option } from "commander";
import { flagOf, SETTINGS } from "../config/settings.js";
import { type Config, configFile, type Flags, loadConfig } from "../config.js";

export type SettingNames = readonly (keyof Config)[];

/**
 * Gives a command the flags of settings. Their defaults stay with the configuration: a flag that is not given is undefined.
 *
 * @param helps what the help says of those that mean something else here
 */
export function addSettings(
  command: Command,
  names: SettingNames,
  helps: { readonly [K in keyof Config]?: string } = {},
): void {
  for (const name of names) {
    const { placeholder, help, initial, isList } = SETTINGS[name];
    if (placeholder === undefined) {
      command.addOption(new Option(initial === "true" ? flagOf(name).replace("--", "--no-") : flagOf(name), help));
      continue;
    }
    const text = typeof initial === "string" ? `${help} (default: ${initial})` : help;
    const option = new Option(`${flagOf(name)} <${placeholder}>`, helps[name] ?? text);
    if (isList) option.argParser((value: string, before: readonly string[] = []) => [...before, value]);
    command.addOption(option);
  }
  command.addOption(new Option("--config <FILE>", "settings as a JSON object; flags and ROUTEGUIDE_* win over it"));
}

/**
 * The configuration that a command runs with.
 *
 * @param more settings that were given in another way than by their flags
 * @throws {ConfigError}
 */
export function configOf(command: Command, names: SettingNames, more: Flags = {}): Config {
  const flags: Record<string, Flags[keyof Flags]> = { ...more };
  for (const name of names) flags[name] ??= typed(command, attributeOf(flagOf(name)));
  const config = typed(command, "config");
  return loadConfig({ ...flags, ...(config !== undefined && { config }) });
}

/** The file that the settings of a command come from, besides flags and environment; undefined: there is none. */
export function configFileOf(command: Command): string | undefined {
  const config = typed(command, "config");
  return configFile(config === undefined ? {} : { config });
}

/** What was typed; Commander itself has a default for switches that are on. */
function typed(command: Command, attribute: string): Flags[keyof Flags] {
  return command.getOptionValueSource(attribute) === "cli" ? command.getOptionValue(attribute) : undefined;
}

/** Commander's name of a flag's value: --log-level is logLevel. */
const attributeOf = (flag: string) => flag.slice(2).replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
