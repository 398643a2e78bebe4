/** Edits by which a misspelt name may differ. */
const MOST_EDITS = 2;

/** A sentence that proposes the known name which is spelt most like this one; "" if none is near. */
export function didYouMean(name: string, known: Iterable<string>): string {
  let nearest: string | undefined;
  let least = MOST_EDITS + 1;
  for (const each of known) {
    const edits = editsBetween(name.toLowerCase(), each.toLowerCase());
    if (edits >= least || edits >= each.length) continue;
    least = edits;
    nearest = each;
  }
  return nearest === undefined ? "" : `: did you mean ${nearest}?`;
}

/** How many characters must be added, removed, exchanged or swapped with the next. Source: Damerau 1964, optimal string alignment. */
function editsBetween(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      let edits = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        edits = Math.min(edits, (beforeLast[j - 2] ?? 0) + 1);
      row.push(edits);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
