import { connect } from "../client.js";
import type { Config } from "../config.js";
import type { Point } from "../geo/point.js";
import { callOptions, formatName } from "./calls.js";
import { formatOne } from "./format.js";
import type { Io } from "./io.js";
import { readRoute } from "./points/route.js";
import type { RouteFormat } from "./points/route-format.js";
import { Progress } from "./progress.js";
import { Results } from "./results.js";
import { grouped, summaryShape } from "./shapes.js";

/** RecordRoute: sends the points of a file or of stdin as they are read, and shows the route's summary. */
export async function record(io: Io, config: Config, file: string, format?: RouteFormat): Promise<void> {
  const results = new Results(io.stdout, formatOne(formatName(config), summaryShape));
  await using guide = connect(config.address, config);
  using progress = Progress.on(io);
  let unreadable: unknown;
  async function* points(): AsyncGenerator<Point> {
    let sent = 0;
    try {
      for await (const batch of readRoute(file, io.stdin, format)) {
        yield* batch;
        sent += batch.length;
        progress.show(() => `${grouped(sent)} points sent`);
      }
    } catch (error) {
      unreadable = error;
      throw error;
    }
  }
  try {
    await results.add([await guide.client.recordRoute(points(), callOptions(io, config))]);
  } catch (error) {
    // The call fails because the route does: the route's error says which line.
    throw unreadable ?? error;
  }
  await results.end();
}
