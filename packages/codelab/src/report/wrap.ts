/** Breaks text into lines of at most so many columns, at spaces where there are some; its own line breaks stay. */
export function wrap(text: string, columns: number): string[] {
  return text.split("\n").flatMap((line) => {
    const rows: string[] = [];
    let rest = line.trimEnd();
    while (rest.length > columns) {
      const space = rest.lastIndexOf(" ", columns);
      const end = space > columns / 2 ? space : columns;
      rows.push(rest.slice(0, end));
      rest = rest.slice(end).trimStart();
    }
    return [...rows, rest];
  });
}
