// The command lines of scripts: --help, and one sentence for what a script does not take, before anything is installed or built.
import { parseArgs } from "node:util";

/** EX_USAGE of sysexits.h. */
const USAGE_EXIT_CODE = 64;

/**
 * Reads what a script was started with. Ends the process for --help, and for what the script does not take.
 *
 * @template {NonNullable<import("node:util").ParseArgsConfig["options"]>} [const O={}]
 * @param {string} usage how the script is called, and what it does
 * @param {{ options?: O, names?: "any" | readonly string[] }} [takes] its options, and the words it takes besides. Default: none
 */
export function commandLine(usage, { options, names = [] } = {}) {
  const known = { ...options, help: { type: /** @type {const} */ ("boolean"), short: "h" } };
  const { values, positionals } = parsed(usage, known);
  if ("help" in values && values.help === true) {
    console.log(usage);
    process.exit(0);
  }
  if (names !== "any") {
    const wrong = positionals.find((name) => !names.includes(name));
    if (wrong !== undefined)
      refuse(`Unexpected "${wrong}"${names.length === 0 ? "" : `: expected some of ${names.join(", ")}`}`, usage);
  }
  return { values: /** @type {ReturnType<typeof parseArgs<{ options: O }>>["values"]} */ (values), names: positionals };
}

/**
 * Ends the process for a wrong command line.
 *
 * @param {string} sentence what is wrong
 * @param {string} usage
 * @returns {never}
 */
export function refuse(sentence, usage) {
  console.error(`${sentence}\n${usage}`);
  process.exit(USAGE_EXIT_CODE);
}

/**
 * @param {string} usage
 * @param {NonNullable<import("node:util").ParseArgsConfig["options"]>} options
 */
function parsed(usage, options) {
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    // What follows the first sentence is about words that begin with a dash.
    const [sentence = ""] = /** @type {Error} */ (error).message.split(". ");
    return refuse(sentence, usage);
  }
}

/**
 * For a script that makes a file: whether it is only to say if the file is current.
 *
 * @param {string} script
 * @param {string} makes what it does
 */
export function onlyChecks(script, makes) {
  const flag = script.startsWith("npm ") ? "[-- --check]" : "[--check]";
  const usage = `Usage: ${script} ${flag}\n${makes}; with --check only says whether it is current.`;
  return commandLine(usage, { options: { check: { type: "boolean" } } }).values.check === true;
}
