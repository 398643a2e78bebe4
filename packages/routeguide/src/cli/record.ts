import { Envelopes } from "@routeguide/grpc";
import { connect } from "../client.js";
import type { Config } from "../config.js";
import { PointSchema } from "../contract/gen/routeguide/route_guide_pb.js";
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
  const batches = readRoute(file, io.stdin, format);
  // Before anybody is called: a file that cannot be read is no matter of the server's. Stdin may take its time.
  const first = file === "-" ? undefined : await batches.next();
  await using guide = connect(config.address, config);
  using progress = Progress.on(io);
  let unreadable: unknown;
  let sent = 0;
  const envelopesOf = (points: readonly Point[]) => {
    sent += points.length;
    progress.show(() => `${grouped(sent)} points sent`);
    return Envelopes.of(PointSchema, points);
  };
  async function* points(): AsyncGenerator<Envelopes> {
    try {
      if (first?.done === false) yield envelopesOf(first.value);
      for await (const batch of batches) yield envelopesOf(batch);
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
