/** What the steps on the client have in common. */
import type { ServiceImpl } from "@routeguide/grpc";
import type { RouteGuide } from "../gen/routeguide/route_guide_pb.js";
import type { ClientEnded } from "./client-run.js";
import { Miss, type Suspect } from "./miss.js";

/** The constants of client.ts. */
export const HOME = { latitude: 407838351, longitude: -746143763 };
export const NOWHERE = { latitude: 0, longitude: 0 };

/** Answers everything, so that what a check is not about does not disturb it. */
export const PATIENT: ServiceImpl<typeof RouteGuide> = {
  getFeature: (location) => ({ name: "Somewhere", location }),
  *listFeatures() {},
  async recordRoute(points) {
    for await (const _ of points);
    return {};
  },
  async *routeChat(notes) {
    for await (const _ of notes) yield* [];
  },
};

/** A stack frame: Node prints those of errors that nobody caught. */
const FRAME = /^\s+at .*:\d+:\d+\)?$/m;

/** @throws {Miss} unless the client has ended well */
export function expectWell({ code, text }: ClientEnded, at: Suspect): void {
  if (FRAME.test(text)) throw new Miss("client.ts threw an error that nothing caught", { printed: text, at });
  if (code !== 0) {
    throw new Miss("The client ends with an exit code that says failure, though all went well", {
      seen: `exit code ${code}`,
      printed: text,
      at,
    });
  }
}

/** @throws {Miss} unless the client has told of a failed call, and ended with a failure */
export function expectFailure({ code, text }: ClientEnded, name: RegExp, message: string, at: Suspect): void {
  if (FRAME.test(text)) {
    throw new Miss("client.ts does not catch the error of a call that fails", {
      expected: "try { ... } catch (error) { ... } around the calls",
      printed: text,
      at,
    });
  }
  if (!name.test(text) || !text.includes(message)) {
    throw new Miss("The client does not say what went wrong", {
      expected: `the status' code, and its message "${message}"`,
      seen: text.trim() || "no output",
      at,
    });
  }
  if (code !== 0) return;
  throw new Miss("A call failed, and the client's exit code says that all went well", {
    expected: "process.exitCode = 1",
    seen: "exit code 0",
    at,
  });
}
