import type { RpcError } from "@routeguide/grpc";
import { CommanderError } from "commander";
import { ConfigError } from "../config.js";
import { StartError } from "../start-error.js";
import { colorsOf } from "./colors.js";
import { Failure, Interrupted, ReaderGone, UsageError } from "./failure.js";
import type { Io } from "./io.js";
import { printable } from "./printable.js";

/** Exit codes. Source of 64: sysexits.h, EX_USAGE. Its EX_CONFIG is taken: 78 is a call that failed with UNAVAILABLE. */
const FAILED = 1;
const USAGE = 64;
/** Failed calls exit with this and their code, 65 to 80, as grpcurl does. */
const CALL_BASE = 64;

/**
 * Says on stderr why a command failed: in a line or a few, with a stack trace only if the mistake is ours.
 *
 * @returns the exit code
 */
export async function report(error: unknown, io: Io): Promise<number> {
  // A call that we cancelled fails: what counts is why we did.
  const reason = cancelledBecause(io) ?? error;
  if (reason instanceof ReaderGone) return 0;
  if (reason instanceof Interrupted) return reason.exitCode;
  if (reason instanceof CommanderError && isHelp(reason)) return reason.exitCode === 0 ? 0 : USAGE;
  const [exitCode, lines] = await explain(reason);
  const [first = "", ...rest] = lines.flatMap((line) => line.split("\n")).map(printable);
  io.stderr.write(`${[`${colorsOf(io.stderr).red("routeguide:")} ${first}`, ...rest].join("\n")}\n`);
  return exitCode;
}

function cancelledBecause({ interrupt, stdout }: Io): unknown {
  if (interrupt.aborted) return interrupt.reason;
  return stdout.gone.aborted ? stdout.gone.reason : undefined;
}

/** Help that was asked for, or that stands in for a missing command, has been printed already. */
const isHelp = ({ exitCode, code }: CommanderError) => exitCode === 0 || code === "commander.help";

async function explain(reason: unknown): Promise<[exitCode: number, lines: readonly string[]]> {
  if (reason instanceof CommanderError) return [USAGE, [commandLineMistake(reason)]];
  if (reason instanceof UsageError || reason instanceof ConfigError) return [USAGE, [reason.message]];
  if (reason instanceof Failure || reason instanceof StartError) return [FAILED, [reason.message]];
  // Loaded only here: most commands that fail have called nobody yet.
  const { RpcError } = await import("@routeguide/grpc");
  if (reason instanceof RpcError) return [CALL_BASE + reason.code, await linesOf(reason)];
  return [FAILED, [reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)]];
}

/** Commander's own message: "error: unknown option '--outptu'\n(Did you mean --output?)". */
const commandLineMistake = ({ message }: CommanderError) =>
  message.replace(/^error: /, "").replace(/\n\((.*)\)/, ". $1");

/** Code and message, then the details that say more. */
async function linesOf(error: RpcError): Promise<string[]> {
  const lines = [error.message];
  const refused = refusedAt(error);
  if (refused !== undefined) lines.push(`Start a server there with: npx routeguide serve${listenFlag(refused)}`);
  if (error.details.length > 0) {
    const { BadRequestSchema } = await import("@routeguide/grpc/details");
    for (const { fieldViolations } of error.findDetails(BadRequestSchema)) {
      for (const { field, description } of fieldViolations) lines.push(`  ${field}: ${description}`);
    }
  }
  return lines;
}

/** What Node says of a connection that was refused: an address and a port, or a path. */
interface Refused {
  readonly address: string;
  readonly port?: number;
}

/** Where there is no server, as the innermost cause says; undefined: something else is wrong. */
function refusedAt(error: unknown): Refused | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("code" in error && error.code === "ECONNREFUSED" && "address" in error) return error as unknown as Refused;
  return refusedAt(error.cause);
}

/** The flag with which a server listens there; none is needed where it listens anyway. */
function listenFlag({ address, port }: Refused): string {
  if (port === undefined) return ` --listen unix:${address}`;
  const host = address.includes(":") ? `[${address}]` : address;
  return host === "127.0.0.1" && port === 50_051 ? "" : ` --listen ${host}:${port}`;
}
