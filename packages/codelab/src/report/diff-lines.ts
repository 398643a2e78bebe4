/** Lines around a change that are shown with it. */
const AROUND = 2;

/** What must be done to one text to get the other: lines with "-", "+" or " " in front, hunks with "@@ line". */
export function diffLines(from: string, to: string): string[] {
  const [a, b] = [from.split("\n"), to.split("\n")];
  const edits = edit(a, b);
  const near = edits.map((_, i) =>
    edits.slice(Math.max(0, i - AROUND), i + AROUND + 1).some((line) => line[0] !== " "),
  );
  const shown: string[] = [];
  let line = 1;
  edits.forEach((text, i) => {
    if (near[i] === true) {
      if (near[i - 1] !== true) shown.push(`@@ line ${line}`);
      shown.push(text);
    }
    if (text[0] !== "+") line++;
  });
  return shown;
}

/** By the longest common subsequence; files of this codelab have some hundred lines. */
function edit(a: readonly string[], b: readonly string[]): string[] {
  const width = b.length + 1;
  const common = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: string[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push(` ${a[i++]}`);
      j++;
    } else if (i < a.length && (j === b.length || at(i + 1, j) >= at(i, j + 1))) {
      lines.push(`-${a[i++]}`);
    } else {
      lines.push(`+${b[j++]}`);
    }
  }
  return lines;
}
