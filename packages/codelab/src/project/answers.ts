/** Code in the Markdown of a step: sections with fences, each of which says which file it is for. */

export interface Answer {
  /** The section's heading. */
  readonly title: string;
  /** What stands in a line that begins with ">"; "" if none does. */
  readonly message: string;
  readonly fences: readonly Fence[];
}

/** ```` ```ts service.ts 2 ````: what stands in the second of the step's regions in service.ts. */
export interface Fence {
  readonly file: string;
  /** From 1, which is the default; "*": the whole file. */
  readonly region: number | "*";
  readonly content: string;
}

const FENCE = /^```\w+ (\S+)(?: (\d+|\*))?\n(.*?)^```$/gms;

/** @throws {SyntaxError} if a section has no code */
export function parseAnswers(markdown: string): readonly Answer[] {
  return markdown
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [title = ""] = section.split("\n");
      const fences = [...section.matchAll(FENCE)].map(([, file = "", region = "1", content = ""]) => ({
        file,
        region: region === "*" ? ("*" as const) : Number(region),
        content,
      }));
      if (fences.length === 0) throw new SyntaxError(`"${title}" has no code`);
      return { title: title.trim(), message: section.match(/^> (.*)$/m)?.[1] ?? "", fences };
    });
}
