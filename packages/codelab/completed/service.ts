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
  // #region step-09
  //? Shared notes: keep here who is on the road, so that a new note can
  //? be put into the mailboxes of the others.
  /**
   * Everybody who has a RouteChat open: where their mail goes, and the points
   * whose news they want.
   */
  const travellers = new Set<{
    readonly mailbox: Mailbox<RouteNote>;
    readonly points: Set<string>;
  }>();
  // #endregion

  return {
    // #region step-05
    //? getFeature(point): return the place at exactly this point; where
    //? there is none, only the location.
    getFeature(point) {
      // #region step-10
      //? Refuse a point that is not on Earth.
      requireOnEarth(point, "point");
      // #endregion
      const known = places.find(({ location }) => isSame(location, point));
      return known ?? { location: point };
    },
    // #endregion

    // #region step-06
    //? async *listFeatures(rectangle): yield each place in the
    //? rectangle, as soon as you come across it.
    async *listFeatures({ lo, hi }) {
      // #region step-10 was step-06
      requireOnEarth(lo, "lo");
      requireOnEarth(hi, "hi");
      // #endregion
      for (const place of places) {
        if (isBetween(place.location, lo, hi)) yield place;
      }
    },
    // #endregion

    // #region step-07
    //? async recordRoute(points): take all points, then return
    //? pointCount, featureCount, distance and elapsedTime.
    async recordRoute(points) {
      const startedMs = performance.now();
      let previous: Point | undefined;
      let pointCount = 0;
      let featureCount = 0;
      let distance = 0;
      for await (const point of points) {
        // #region step-10
        //? Refuse a point that is not on Earth.
        requireOnEarth(point, "point");
        // #endregion
        pointCount++;
        if (places.some(({ location }) => isSame(location, point))) {
          featureCount++;
        }
        if (previous !== undefined) {
          distance += distanceBetween(previous, point);
        }
        previous = point;
      }
      const elapsedTime = Math.floor((performance.now() - startedMs) / 1000);
      return {
        pointCount,
        featureCount,
        distance: Math.round(distance),
        elapsedTime,
      };
    },
    // #endregion

    // #region step-08
    //? async *routeChat(received): keep each note, then yield all notes
    //? left at its point, oldest first.
    // #region step-09 was step-08
    async *routeChat(received) {
      const traveller = {
        mailbox: new Mailbox<RouteNote>(),
        points: new Set<string>(),
      };
      const read = async () => {
        for await (const note of received) {
          // #region step-10
          //? Refuse a note that was left nowhere on Earth.
          requireOnEarth(note.location, "location");
          // #endregion
          const at = keyOf(note.location);
          const left = [...(notes.get(at) ?? []), note].slice(-MAX_NOTES);
          notes.set(at, left);
          for (const earlier of left) traveller.mailbox.put(earlier);
          for (const other of travellers) {
            if (other === traveller || !other.points.has(at)) continue;
            other.mailbox.put(note);
          }
          traveller.points.add(at);
        }
      };
      travellers.add(traveller);
      // Reading and writing go on side by side: what others write must reach a
      // traveller who is silent.
      read().then(
        () => traveller.mailbox.close(),
        (reason: unknown) => traveller.mailbox.close(reason),
      );
      try {
        yield* traveller.mailbox;
      } finally {
        travellers.delete(traveller);
      }
    },
    // #endregion
    // #endregion
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

// #region step-10
//? Errors: write a function that refuses a point which is missing, or
//? not on Earth, with INVALID_ARGUMENT.
/**
 * @throws {RpcError} INVALID_ARGUMENT if the point is missing, or outside of
 * +-90 and +-180 degrees
 */
function requireOnEarth(
  point: Point | undefined,
  field: string,
): asserts point is Point {
  if (point === undefined) {
    throw new RpcError(Code.InvalidArgument, `${field} is missing`);
  }
  const { latitude, longitude } = point;
  if (
    Math.abs(latitude) > 900_000_000 ||
    Math.abs(longitude) > 1_800_000_000
  ) {
    throw new RpcError(Code.InvalidArgument, `${field} is not on Earth`);
  }
}
// #endregion
