import KDBush from "kdbush";
import { contains, type Rectangle } from "../geo/rectangle.js";
import { Intervals } from "./intervals.js";

/**
 * kdbush's layout, which its own search relies on and which we walk: a node is an interval of indexes [left, right]. If right - left
 * is at most the node size it is a leaf, in no order. Otherwise its middle, (left + right) >> 1, splits it: what lies before has no
 * larger coordinate on the node's axis, what lies behind no smaller one. Axes take turns, the first coordinate is the root's.
 */
export const NODE_SIZE = 16;

/** Sides of a rectangle that may still cut a node, as bits. */
const SOUTH = 1;
const NORTH = 2;
const WEST = 4;
const EAST = 8;

/** One for all searches: what one has found is used up before the next begins. */
const found = new Intervals();

/**
 * Puts points into the order of a KD tree.
 *
 * @param coordinates latitude and longitude in E7 of each point, in turn
 * @returns the order, and for each place in it the point's place among those given. The latter keep kdbush's whole memory: drop them soon
 */
export function kdOrdered(coordinates: Int32Array): { order: KdOrder; ids: Uint16Array | Uint32Array } {
  const size = coordinates.length / 2;
  const index = new KDBush(size, NODE_SIZE, Int32Array);
  for (let i = 0; i < size; i++) index.add(coordinates[2 * i] as number, coordinates[2 * i + 1] as number);
  index.finish();
  return { order: new KdOrder(index.coords.slice() as Int32Array), ids: index.ids };
}

/** Points in the order of a KD tree: whatever subtree lies inside a rectangle is one interval of indexes. */
export class KdOrder {
  /** Latitude and longitude in E7 of each point, in order. */
  readonly coordinates: Int32Array;
  readonly #bounds: Rectangle;

  /** @param coordinates as kdbush has sorted them */
  constructor(coordinates: Int32Array) {
    this.coordinates = coordinates;
    this.#bounds = boundsOf(coordinates);
  }

  /**
   * Finds the points in a rectangle, edges included.
   *
   * @returns their intervals, good until the next search
   */
  intervals(rectangle: Rectangle): Intervals {
    const bounds = this.#bounds;
    const sides =
      (rectangle.south <= bounds.south ? 0 : SOUTH) |
      (rectangle.north >= bounds.north ? 0 : NORTH) |
      (rectangle.west <= bounds.west ? 0 : WEST) |
      (rectangle.east >= bounds.east ? 0 : EAST);
    found.clear();
    visit(this.coordinates, rectangle, 0, this.coordinates.length / 2 - 1, 0, sides);
    return found;
  }
}

/** Adds what lies inside the rectangle of the node [left, right], in order. Recursion is as deep as the tree: at most 32. */
function visit(
  coordinates: Int32Array,
  rectangle: Rectangle,
  left: number,
  right: number,
  axis: 0 | 1,
  sides: number,
): void {
  if (sides === 0) {
    if (left <= right) found.add(left, right + 1);
    return;
  }
  if (right - left <= NODE_SIZE) {
    for (let i = left; i <= right; i++)
      if (contains(rectangle, coordinates[2 * i] as number, coordinates[2 * i + 1] as number)) found.add(i, i + 1);
    return;
  }
  const middle = (left + right) >> 1;
  const split = coordinates[2 * middle + axis] as number;
  const reachesBelow = split >= (axis === 0 ? rectangle.south : rectangle.west);
  const reachesAbove = split <= (axis === 0 ? rectangle.north : rectangle.east);
  if (reachesBelow) {
    const cutting = reachesAbove ? sides & ~(axis === 0 ? NORTH : EAST) : sides;
    visit(coordinates, rectangle, left, middle - 1, axis === 0 ? 1 : 0, cutting);
  }
  if (contains(rectangle, coordinates[2 * middle] as number, coordinates[2 * middle + 1] as number))
    found.add(middle, middle + 1);
  if (reachesAbove) {
    const cutting = reachesBelow ? sides & ~(axis === 0 ? SOUTH : WEST) : sides;
    visit(coordinates, rectangle, middle + 1, right, axis === 0 ? 1 : 0, cutting);
  }
}

/** The smallest rectangle around all points. Without any, south is above north. */
function boundsOf(coordinates: Int32Array): Rectangle {
  let south = Number.POSITIVE_INFINITY;
  let north = Number.NEGATIVE_INFINITY;
  let west = Number.POSITIVE_INFINITY;
  let east = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < coordinates.length; i += 2) {
    south = Math.min(south, coordinates[i] as number);
    north = Math.max(north, coordinates[i] as number);
    west = Math.min(west, coordinates[i + 1] as number);
    east = Math.max(east, coordinates[i + 1] as number);
  }
  return { south, west, north, east };
}
