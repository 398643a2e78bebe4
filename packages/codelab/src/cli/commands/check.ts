import { readProgress } from "../../project/progress.js";
import { reportFailure } from "../../report/failure.js";
import { wrap, wrapProse } from "../../report/wrap.js";
import { headline } from "../../text/headline.js";
import { section, stepText } from "../../text/step-text.js";
import { checkTold } from "../../view/jobs.js";
import { PageLink } from "../../view/page-link.js";
import type { Command, Context } from "../command.js";
import { stepOf } from "../current.js";
import { paint } from "../terminal.js";
import { introduce } from "./status.js";

export const check: Command = {
  usage: "check [STEP]",
  help: "looks at what your programs do",
  async run(context) {
    const number = stepOf(context);
    if (number === undefined) return 0;
    return (await checkStep(context, number)) ? 0 : 1;
  },
};

/** Checks a step, tells the learner and the page that is open, and keeps what was reached. */
export async function checkStep(
  { project, terminal }: Pick<Context, "project" | "terminal">,
  number: number,
): Promise<boolean> {
  const { bold, green, dim } = paint(terminal);
  terminal.print(bold(headline(number)));
  await using page = new PageLink(project);
  const { passed, failure } = await checkTold(project, number, page.tell);
  for (const title of passed) terminal.print(`${green("ok")} ${wrap(title, terminal.columns - 3).join("\n   ")}`);
  if (failure !== undefined) {
    terminal.print(reportFailure(failure, terminal));
    const before = readProgress(project).skipped.filter((skipped) => skipped < number);
    if (before.length > 0) {
      const advice = `You have skipped step${before.length > 1 ? "s" : ""} ${before.join(", ")}, which this one may need: \`lab reset ${number}\` gives you files in which all before it is solved.`;
      terminal.print(wrap(advice, terminal.columns).join("\n"));
    }
    terminal.print(dim("npx lab hint   for a hint        npx lab diff   for the solution"));
    return false;
  }
  terminal.print();
  terminal.print(green(`Step ${number} is done.`));
  const learned = section(stepText(number).markdown, "What you learned");
  if (learned !== "") terminal.print(wrapProse(learned, terminal.columns).join("\n"));
  terminal.print();
  introduce({ project, terminal });
  return true;
}
