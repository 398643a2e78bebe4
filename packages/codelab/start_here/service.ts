/** What the four methods do. */
import { Code, RpcError, type ServiceImpl } from "@routeguide/grpc";
import { distanceBetween } from "./distance.js";
import type {
  Point,
  RouteGuide,
  RouteNote,
} from "./gen/routeguide/route_guide_pb.js";
import { Mailbox } from "./mailbox.js";
import type { Place } from "./places.js";

/** Notes that are kept at a point. When more are left there, the oldest go. */
const MAX_NOTES = 64;

/**
 * The service's methods, over these places. Whatever several calls share lives
 * here; what one call needs, in its method.
 */
export function routeGuide(
  places: readonly Place[],
): ServiceImpl<typeof RouteGuide> {
  /** The notes left at each point, oldest first. */
  const notes = new Map<string, readonly RouteNote[]>();
  // Step 9: Shared notes: keep here who is on the road, so that a new note can
  //   be put into the mailboxes of the others.

  return {
    // Step 5: getFeature(point): return the place at exactly this point; where
    //   there is none, only the location.

    // Step 6: async *listFeatures(rectangle): yield each place in the
    //   rectangle, as soon as you come across it.

    // Step 7: async recordRoute(points): take all points, then return
    //   pointCount, featureCount, distance and elapsedTime.

    // Step 8: async *routeChat(received): keep each note, then yield all notes
    //   left at its point, oldest first.
  };
}

/** Whether two points are the same. */
function isSame(a: Place["location"], b: Place["location"]): boolean {
  return a.latitude === b.latitude && a.longitude === b.longitude;
}

/**
 * Whether a point lies between two opposite corners, given in any order, or on
 * an edge.
 */
function isBetween(
  point: Place["location"],
  lo: Place["location"],
  hi: Place["location"],
): boolean {
  return (
    point.latitude >= Math.min(lo.latitude, hi.latitude) &&
    point.latitude <= Math.max(lo.latitude, hi.latitude) &&
    point.longitude >= Math.min(lo.longitude, hi.longitude) &&
    point.longitude <= Math.max(lo.longitude, hi.longitude)
  );
}

/** A point as the key of a Map. */
function keyOf(point: Point | undefined): string {
  return `${point?.latitude ?? 0},${point?.longitude ?? 0}`;
}

// Step 10: Errors: write a function that refuses a point which is missing, or
//   not on Earth, with INVALID_ARGUMENT.
