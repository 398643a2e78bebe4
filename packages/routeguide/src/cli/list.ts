import { connect } from "../client.js";
import type { Config } from "../config.js";
import { callOptions, formatName } from "./calls.js";
import { formatMany } from "./format.js";
import type { Io } from "./io.js";
import { pointArgument } from "./point-argument.js";
import { Progress } from "./progress.js";
import { Results } from "./results.js";
import { featureShape, grouped } from "./shapes.js";

/** ListFeatures: what is in the rectangle between two corners. The server sends no faster than the output is read. */
export async function list(io: Io, config: Config, one: string, other: string): Promise<void> {
  const request = { lo: pointArgument(one), hi: pointArgument(other) };
  const results = new Results(io.stdout, formatMany(formatName(config), featureShape));
  await using guide = connect(config.address, config);
  using progress = Progress.besideData(io);
  for await (const batch of guide.client.listFeatures(request, callOptions(io, config)).batches()) {
    await results.add(batch);
    progress.show(() => `${grouped(results.count)} features`);
  }
  await results.end();
}
