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

/** The same for paragraphs of Markdown, whose line breaks mean nothing; those of code and of lists stay. */
export function wrapProse(markdown: string, columns: number): string[] {
  const parts = markdown.split(/(^```.*?^```$)/ms);
  const reflowed = parts.map((part) => (part.startsWith("```") ? part : part.replace(/(?<=\S)\n(?=[^\n\s-])/g, " ")));
  return wrap(reflowed.join(""), columns);
}
