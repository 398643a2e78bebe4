import { connect } from "../client.js";
import type { Config } from "../config.js";
import { callOptions, formatName } from "./calls.js";
import { ChatTerminal } from "./chat-terminal.js";
import { formatMany } from "./format.js";
import type { Io } from "./io.js";
import { type Note, readNotes } from "./notes-input.js";
import { pointArgument } from "./point-argument.js";
import { Results } from "./results.js";
import { noteShape } from "./shapes.js";

/** RouteChat: from a terminal line by line as they are typed, from a pipe NDJSON in and out. */
export async function chat(io: Io, config: Config, at?: string): Promise<void> {
  const place = at === undefined ? undefined : pointArgument(at);
  await (io.stdin.isTTY === true ? chatOnTerminal : chatThroughPipe)(io, config, place);
}

async function chatThroughPipe(io: Io, config: Config, place: Note["location"] | undefined): Promise<void> {
  const results = new Results(io.stdout, formatMany(formatName(config, "ndjson"), noteShape));
  await using guide = connect(config.address, config);
  let unreadable: unknown;
  async function* notes(): AsyncGenerator<Note> {
    try {
      yield* readNotes(io.stdin, place);
    } catch (error) {
      unreadable = error;
      throw error;
    }
  }
  try {
    for await (const note of guide.client.routeChat(notes(), callOptions(io, config))) await results.add([note]);
  } catch (error) {
    // The call fails because the input does: its error says which line.
    throw unreadable ?? error;
  }
  await results.end();
}

async function chatOnTerminal(io: Io, config: Config, place: Note["location"] | undefined): Promise<void> {
  const results = new Results(io.stdout, formatMany(formatName(config), noteShape));
  await using guide = connect(config.address, config);
  using terminal = new ChatTerminal(io, place);
  const { signal, ...options } = callOptions(io, config);
  const signals = [terminal.interrupt, ...(signal === undefined ? [] : [signal])];
  try {
    for await (const note of guide.client.routeChat(terminal.notes(), {
      ...options,
      signal: AbortSignal.any(signals),
    })) {
      await terminal.above(() => results.add([note]));
    }
  } catch (error) {
    throw terminal.interrupt.aborted ? terminal.interrupt.reason : error;
  }
  await results.end();
}
