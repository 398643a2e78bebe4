import colors from "picocolors";

/** Where a command writes. */
export interface Terminal {
  /** A line, or several. */
  print(text?: string): void;
  /** At most 80. */
  readonly columns: number;
  readonly color: boolean;
}

/** stdout; colours and width only if it is a terminal. */
export function terminalOf(stream: NodeJS.WriteStream): Terminal {
  const color = stream.isTTY === true && process.env["NO_COLOR"] === undefined;
  return {
    print: (text = "") => void stream.write(`${text}\n`),
    columns: Math.min(80, stream.columns ?? 80),
    color,
  };
}

export const paint = ({ color }: Terminal) => colors.createColors(color);
