/** What the page shows: checks and runs, one at a time, told as they happen. */
import { Miss } from "../check/miss.js";
import { type Failure, runStep } from "../check/run-step.js";
import { currentStep, readProgress, withDone, writeProgress } from "../project/progress.js";
import { runSideBySide } from "../run/side-by-side.js";
import { STEPS } from "../steps.js";
import { headline } from "../text/headline.js";
import { stepText } from "../text/step-text.js";
import { Recording } from "../wire/recording.js";
import type { ViewEvent } from "./events.js";
import { toHtml } from "./markdown.js";

export type Job = "check" | "run";

export class Session {
  readonly #project: string;
  readonly #interrupt: AbortSignal;
  readonly #listeners = new Set<(event: ViewEvent) => void>();
  /** What a page that comes later must be told: the step, and the job that runs or ran last. */
  #history: ViewEvent[] = [];
  #running: Promise<void> = Promise.resolve();
  #waiting: Job | undefined;
  #recordings = 0;

  constructor(project: string, interrupt: AbortSignal) {
    this.#project = project;
    this.#interrupt = interrupt;
    this.#showStep();
  }

  /** Tells of all that happens from now on, after what has; until the function that is returned is called. */
  listen(listener: (event: ViewEvent) => void): () => void {
    for (const event of this.#history) listener(event);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Does this when what runs has ended. Of several that are asked for meanwhile, the last counts. */
  start(job: Job): Promise<void> {
    const isFirst = this.#waiting === undefined;
    this.#waiting = job;
    if (isFirst) {
      this.#running = this.#running.then(() => {
        const next = this.#waiting ?? job;
        this.#waiting = undefined;
        const ran = next === "check" ? this.#check() : this.#runBoth();
        return ran.catch((error: Error) => this.#tell({ type: "idle", text: `The lab could not: ${error.message}` }));
      });
    }
    return this.#running;
  }

  async #check(): Promise<void> {
    const number = currentStep(readProgress(this.#project), STEPS.length);
    const step = number === undefined ? undefined : STEPS[number - 1];
    if (number === undefined || step === undefined) return;
    this.#tell({ type: "job", title: `Checking step ${number}` });
    const { passed, failure } = await runStep(this.#project, step, {
      begins: (title, lab) => {
        this.#tell({ type: "begins", title });
        this.#follow(lab.recording);
      },
      passes: (title) => this.#tell({ type: "passed", title }),
    });
    if (failure !== undefined) {
      this.#tell(failed(failure));
      this.#tell({
        type: "idle",
        text: `Step ${number}: ${passed.length} checks passed, 1 failed. Save a file to try again.`,
      });
      return;
    }
    writeProgress(this.#project, withDone(readProgress(this.#project), number));
    this.#tell({ type: "idle", text: `Step ${number} is done: ${passed.length} checks passed.` });
    this.#showStep();
  }

  async #runBoth(): Promise<void> {
    this.#tell({ type: "job", title: "Running your server and your client" });
    const recording = new Recording();
    this.#follow(recording);
    try {
      const said = {
        line: (program: "server" | "client", text: string) => this.#tell({ type: "line", program, text }),
        note: (text: string) => this.#tell({ type: "note", text }),
      };
      await runSideBySide(this.#project, recording, said, this.#interrupt);
    } catch (error) {
      if (!(error instanceof Miss)) throw error;
      this.#tell(failed({ title: "server.ts", miss: error, line: undefined }));
    }
    this.#tell({ type: "idle", text: `The client has ended: ${recording.calls.length} calls.` });
  }

  #follow(recording: Recording): void {
    const number = this.#recordings++;
    const known = new Set<number>();
    recording.listen((event, { id, caller, method }) => {
      const stream = `${number}-${id}`;
      if (!known.has(id)) {
        known.add(id);
        this.#tell({ type: "stream", id: stream, caller, method });
      }
      this.#tell({ type: "wire", id: stream, event });
    });
  }

  #showStep(): void {
    const number = currentStep(readProgress(this.#project), STEPS.length);
    if (number === undefined) {
      this.#tell({ type: "step", headline: "All steps are done", html: toHtml("You have built RouteGuide.") });
    } else {
      this.#tell({ type: "step", headline: headline(number), html: toHtml(stepText(number).markdown) });
    }
  }

  #tell(event: ViewEvent): void {
    if (event.type === "step") this.#history = [event, ...this.#history.filter(({ type }) => type !== "step")];
    else if (event.type === "job") this.#history = [...this.#history.filter(({ type }) => type === "step"), event];
    else this.#history.push(event);
    for (const listener of this.#listeners) listener(event);
  }
}

function failed({ title, miss, line }: Pick<Failure, "title" | "miss" | "line">): ViewEvent {
  const { expected, seen, printed } = miss.details;
  const look = line === undefined ? undefined : `${line.file}:${line.line}  ${line.text.trim()}`;
  const details = Object.entries({ expected, seen, printed, "look at": look }).flatMap(([name, text]) =>
    text === undefined || text === "" ? [] : [[name, text] as const],
  );
  return { type: "failed", title, message: miss.message, details };
}
