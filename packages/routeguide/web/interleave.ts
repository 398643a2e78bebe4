/**
 * Several lists as one over which each is spread evenly, in its own order. It stands for their common order where nobody knows that:
 * of two areas the server says what comes first in each.
 */
export function interleave<T>(lists: readonly (readonly T[])[]): T[] {
  return lists
    .flatMap((list) => list.map((entry, i) => ({ entry, at: (i + 0.5) / list.length })))
    .sort((one, other) => one.at - other.at)
    .map(({ entry }) => entry);
}
