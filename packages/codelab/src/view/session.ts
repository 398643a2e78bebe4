/** What the page shows: checks and runs, one at a time, told as they happen. */
import { Miss } from "../check/miss.js";
import { currentStep, readProgress } from "../project/progress.js";
import type { Said } from "../run/side-by-side.js";
import { STEPS } from "../steps.js";
import { headline } from "../text/headline.js";
import { stepText } from "../text/step-text.js";
import { Recording } from "../wire/recording.js";
import type { ViewEvent } from "./events.js";
import { checkTold, runTold, type Tell } from "./jobs.js";
import { toHtml } from "./markdown.js";

export type Job = "check" | "run";

/** Nobody but the page looks on. */
const QUIET: Said = { line: () => {}, note: () => {} };

export class Session {
  readonly #project: string;
  readonly #interrupt: AbortSignal;
  readonly #listeners = new Set<Tell>();
  /** What a page that comes later must be told: the step, and the job that runs or ran last. */
  #history: ViewEvent[] = [];
  /** The step that is shown; undefined when all are done. */
  #step: number | undefined;
  #running: Promise<void> = Promise.resolve();
  #waiting: Job | undefined;

  constructor(project: string, interrupt: AbortSignal) {
    this.#project = project;
    this.#interrupt = interrupt;
    this.#step = this.#current();
    this.#tell(textOf(this.#step));
  }

  /** Tells of all that happens from now on, after what has; until the function that is returned is called. */
  listen(listener: Tell): () => void {
    for (const event of this.#history) listener(event);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Does this when what runs has ended. Of several that are asked for meanwhile, the last counts. */
  start(job: Job): Promise<void> {
    const isFirst = this.#waiting === undefined;
    this.#waiting = job;
    if (!isFirst) return this.#running;
    return this.#next(() => {
      const next = this.#waiting ?? job;
      this.#waiting = undefined;
      return next === "check" ? this.#check() : this.#runBoth();
    });
  }

  /** Shows what a command in another terminal tells, when what runs has ended. */
  show(told: AsyncIterable<ViewEvent>): Promise<void> {
    return this.#next(async () => {
      for await (const event of told) this.#tell(event);
    });
  }

  /** Shows the text of the step that the learner has come to, if it is another one than before. */
  showStep(): void {
    const current = this.#current();
    if (current === this.#step) return;
    this.#step = current;
    this.#tell(textOf(current));
  }

  #next(run: () => Promise<void>): Promise<void> {
    this.#running = this.#running
      .then(run)
      .catch((error: Error) => this.#tell({ type: "idle", text: `This has not come to its end: ${error.message}` }))
      .then(() => this.showStep());
    return this.#running;
  }

  async #check(): Promise<void> {
    this.showStep();
    if (this.#step !== undefined) await checkTold(this.#project, this.#step, (event) => this.#tell(event));
  }

  async #runBoth(): Promise<void> {
    try {
      await runTold(this.#project, new Recording(), QUIET, this.#interrupt, (event) => this.#tell(event));
    } catch (error) {
      if (!(error instanceof Miss)) throw error;
    }
  }

  #current(): number | undefined {
    return currentStep(readProgress(this.#project), STEPS.length);
  }

  #tell(event: ViewEvent): void {
    if (event.type === "step") this.#history = [event, ...this.#history.filter(({ type }) => type !== "step")];
    else if (event.type === "job") this.#history = [...this.#history.filter(({ type }) => type === "step"), event];
    else this.#history.push(event);
    for (const listener of this.#listeners) listener(event);
  }
}

function textOf(step: number | undefined): ViewEvent {
  return step === undefined
    ? { type: "step", headline: "All steps are done", html: toHtml("You have built RouteGuide.") }
    : { type: "step", headline: headline(step), html: toHtml(stepText(step).markdown) };
}
