import { connect } from "../client.js";
import type { Config } from "../config.js";
import { callOptions, formatName } from "./calls.js";
import { formatOne } from "./format.js";
import type { Io } from "./io.js";
import { pointArgument } from "./point-argument.js";
import { Results } from "./results.js";
import { featureShape } from "./shapes.js";

/** GetFeature: what is at a point. */
export async function get(io: Io, config: Config, point: string): Promise<void> {
  const request = pointArgument(point);
  const results = new Results(io.stdout, formatOne(formatName(config), featureShape));
  await using guide = connect(config.address, config);
  await results.add([await guide.client.getFeature(request, callOptions(io, config))]);
  await results.end();
}
