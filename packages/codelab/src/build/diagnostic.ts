/** What a compiler found wrong, as buf and tsc print it. */
export interface Diagnostic {
  /** Relative to the project. */
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

const TSC = /^(?<file>[^\s(]+)\((?<line>\d+),\d+\): error (?<text>TS\d+: .*)$/;
const BUF = /^(?<file>[^\s:]+):(?<line>\d+):\d+:(?<text>.*)$/;

/** One diagnostic for each line that names a place; tsc's continued lines are left out. */
export function parseDiagnostics(output: string): readonly Diagnostic[] {
  return output.split("\n").flatMap((printed) => {
    const { file = "", line = "", text = "" } = (TSC.exec(printed) ?? BUF.exec(printed))?.groups ?? {};
    return file === "" ? [] : [{ file: file.replaceAll("\\", "/"), line: Number(line), text }];
  });
}
