import { currentStep, readProgress } from "../../project/progress.js";
import { wrap } from "../../report/wrap.js";
import { STEPS } from "../../steps.js";
import { headline } from "../../text/headline.js";
import { section, stepText } from "../../text/step-text.js";
import type { Command, Context } from "../command.js";
import { paint } from "../terminal.js";

export const status: Command = {
  usage: "status",
  help: "lists the steps, and says where you are",
  async run({ project, terminal }) {
    const { green, bold, dim } = paint(terminal);
    const progress = readProgress(project);
    const current = currentStep(progress, STEPS.length);
    for (const [i, { title, minutes }] of STEPS.entries()) {
      const number = i + 1;
      const name = `${String(number).padStart(2)}  ${title}`;
      if (progress.done.includes(number)) terminal.print(green(`done     ${name}`));
      else if (progress.given.includes(number)) terminal.print(dim(`given    ${name}`));
      else if (progress.skipped.includes(number)) terminal.print(dim(`skipped  ${name}`));
      else if (number === current) terminal.print(bold(`now      ${name} (${minutes} minutes)`));
      else terminal.print(`         ${name}`);
    }
    terminal.print();
    introduce({ project, terminal });
    return 0;
  },
};

/** Says what the learner is to do now. */
export function introduce({ project, terminal }: Pick<Context, "project" | "terminal">): void {
  const { bold } = paint(terminal);
  const progress = readProgress(project);
  const number = currentStep(progress, STEPS.length);
  if (number === undefined) {
    const left = STEPS.length - progress.done.length;
    terminal.print(
      left === 0 ? "You have built RouteGuide." : `This was the last step; ${left} were skipped or given.`,
    );
    terminal.print("steps/closing.md says where to go from here.");
    return;
  }
  const { name, markdown } = stepText(number);
  terminal.print(bold(headline(number)));
  terminal.print(`The text: steps/${name}.md, or npx lab view`);
  terminal.print();
  terminal.print(wrap(section(markdown, "Your task"), terminal.columns).join("\n"));
  terminal.print();
  terminal.print("npx lab check looks at what you have written, npx lab watch whenever you save.");
}
