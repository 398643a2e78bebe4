/**
 * Sources with step regions, and what they are at a step.
 *
 *     // #region step-05
 *     //? What the learner is to write here, in a line or more.
 *     the solution
 *     // #endregion
 *
 * Before its step, a region is its task as a comment; from its step on it is its content. `step-10 was step-06` says that
 * from step 6 to step 9 something else stands here: what the file before.md of step 6 has. Regions may lie in regions.
 */

export interface Region {
  readonly step: number;
  /** From which step on something else stood here. */
  readonly was: number | undefined;
  readonly task: readonly string[];
  readonly indent: string;
  /** How comments begin in this file. */
  readonly comment: string;
  readonly content: readonly Part[];
}
export type Part = string | Region;

export interface Answers {
  /** What stood in a region before its own step. */
  earlier(was: number, step: number): string;
  /** What stands in a region in place of its content, if anything does. */
  instead?(region: Region): string | undefined;
}

const BEGIN = /^(\s*)(\/\/|#) #region step-(\d\d)(?: was step-(\d\d))?$/;
const END = /^\s*(?:\/\/|#) #endregion$/;
const TASK = /^\s*(?:\/\/|#)\? ?(.*)$/;

/** @throws {SyntaxError} if regions do not close */
export function parseRegions(text: string): readonly Part[] {
  const lines = text.split("\n");
  let at = 0;
  const parse = (isInside: boolean): Part[] => {
    const parts: Part[] = [];
    while (at < lines.length) {
      const line = lines[at++] ?? "";
      const begin = BEGIN.exec(line);
      if (begin !== null) {
        const [, indent = "", comment = "", step = "", was] = begin;
        const task: string[] = [];
        for (let match = TASK.exec(lines[at] ?? ""); match !== null; match = TASK.exec(lines[++at] ?? "")) {
          task.push(match[1] ?? "");
        }
        parts.push({
          step: Number(step),
          was: was === undefined ? undefined : Number(was),
          task,
          indent,
          comment,
          content: parse(true),
        });
      } else if (END.test(line)) {
        if (!isInside) throw new SyntaxError(`#endregion without #region in line ${at}`);
        return parts;
      } else {
        parts.push(line);
      }
    }
    if (isInside) throw new SyntaxError("#region without #endregion");
    return parts;
  };
  return parse(false);
}

/** The text when the steps up to and including this one are solved. */
export function textAt(parts: readonly Part[], step: number, answers: Answers): string {
  return linesAt(parts, step, answers).join("\n");
}

function linesAt(parts: readonly Part[], step: number, answers: Answers): string[] {
  return parts.flatMap((part) => {
    if (typeof part === "string") return [part];
    const instead = answers.instead?.(part);
    if (instead !== undefined) return linesOf(instead);
    if (part.step <= step) return linesAt(part.content, step, answers);
    if (part.was !== undefined && part.was <= step) return linesOf(answers.earlier(part.was, part.step));
    return taskLines(part);
  });
}

const linesOf = (text: string) => text.replace(/\n$/, "").split("\n");

/** `// Step 5: do this`, with the lines that follow aligned. */
function taskLines({ task, step, indent, comment }: Region): string[] {
  return task.map((line, i) => `${indent}${comment} ${i === 0 ? `Step ${step}: ` : "  "}${line}`);
}

/** The regions in which a step writes, outermost first: its own, and those in which something else stands later. */
export function regionsOf(parts: readonly Part[], step: number): readonly Region[] {
  return parts.flatMap((part) => {
    if (typeof part === "string") return [];
    return [...(part.step === step || part.was === step ? [part] : []), ...regionsOf(part.content, step)];
  });
}
