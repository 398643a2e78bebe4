/** The page: runs its checks when it is asked to, and gives back how each ended. */
import { type Check, type Outcome, type Place, runCheck } from "./check.js";
import { connectWeb, connectWebRefused } from "./connect-web.js";
import { googleGrpcWeb, googleGrpcWebRefused } from "./google-grpc-web.js";
import { improbable, improbableRefused } from "./improbable.js";
import { niceGrpcWeb, niceGrpcWebRefused } from "./nice-grpc-web.js";
import { ours, oursRefused } from "./ours.js";

const ALLOWED: readonly Check[] = [...ours, ...connectWeb, ...niceGrpcWeb, ...googleGrpcWeb, ...improbable];
const REFUSED: readonly Check[] = [
  ...oursRefused,
  ...connectWebRefused,
  ...niceGrpcWebRefused,
  ...googleGrpcWebRefused,
  ...improbableRefused,
];

/** @param part of the titles of those that are wanted */
async function runChecks(place: Place, part: string): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const check of place.isAllowed ? ALLOWED : REFUSED) {
    if (check.title.includes(part)) outcomes.push(await runCheck(check, place));
  }
  return outcomes;
}

/** What the calls over fetch have travelled by: "h2" or "http/1.1"; not told of those that were cancelled, or went to other origins. */
const protocols = (baseUrl: string): string[] => [
  ...new Set(
    performance
      .getEntriesByType("resource")
      .filter(({ name }) => name.startsWith(`${baseUrl}/routeguide.`))
      .map((entry) => (entry as PerformanceResourceTiming).nextHopProtocol)
      .filter((protocol) => protocol !== ""),
  ),
];

Object.assign(globalThis, { routeguideSuite: { runChecks, protocols } });
