import { createClient } from "@routeguide/grpc";
import { transportTo } from "../client.js";
import type { Config } from "../config.js";
import { LiveMap } from "../contract/gen/routeguide/v1/map_pb.js";
import { callOptions, formatName } from "./calls.js";
import { formatMany } from "./format.js";
import type { Io } from "./io.js";
import { pointArgument } from "./point-argument.js";
import { Results } from "./results.js";
import { noteShape } from "./shapes.js";

/** What may stand for a corner that is not given: together, the world. */
const SOUTH_WEST = "-90,-180";
const NORTH_EAST = "90,180";

/** WatchNotes: the newest notes of an area, then each as it is left, until the user has seen enough. */
export async function notes(
  io: Io,
  config: Config,
  recent: number,
  one = SOUTH_WEST,
  other = NORTH_EAST,
): Promise<void> {
  const request = { area: { lo: pointArgument(one), hi: pointArgument(other) }, recent };
  const results = new Results(io.stdout, formatMany(formatName(config), noteShape));
  await using transport = transportTo(config.address, config);
  const client = createClient(LiveMap, transport);
  try {
    for await (const batch of client.watchNotes(request, callOptions(io, config)).batches()) await results.add(batch);
  } catch (error) {
    // Ctrl-C is how this ends: what was shown is all there is, and a whole document.
    if (!io.interrupt.aborted) throw error;
  }
  await results.end();
  io.interrupt.throwIfAborted();
}
