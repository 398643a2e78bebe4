/** Whether a word is another with one letter left out, added, replaced, or swapped with the next. */
export function isTypo(typed: string, meant: string): boolean {
  const shorter = Math.min(typed.length, meant.length);
  let start = 0;
  while (start < shorter && typed[start] === meant[start]) start++;
  let end = 0;
  while (end < shorter - start && typed.at(-1 - end) === meant.at(-1 - end)) end++;
  const [wrong, right] = [typed, meant].map((word) => word.slice(start, word.length - end)) as [string, string];
  if (wrong.length === 2 && right.length === 2) return wrong[0] === right[1] && wrong[1] === right[0];
  return wrong.length <= 1 && right.length <= 1;
}
