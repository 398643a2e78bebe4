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

/** One line of at most so many columns: the rest of a longer one is left out. */
export function clip(line: string, columns: number): string {
  return line.length > columns ? `${line.slice(0, columns - 3)}...` : line;
}

const FENCED = /^```.*?\n(.*?)^```$/ms;

/** The same for paragraphs of Markdown, whose line breaks mean nothing; those of lists stay, and code is only moved in. */
export function wrapProse(markdown: string, columns: number): string[] {
  const parts = markdown.split(/(^```.*?^```$)/ms).map((part) => {
    const code = FENCED.exec(part)?.[1];
    return code === undefined ? part.replace(/(?<=\S)\n(?=[^\n\s-])/g, " ") : code.replace(/^(?=.)/gm, "  ").trimEnd();
  });
  return wrap(parts.join(""), columns);
}
