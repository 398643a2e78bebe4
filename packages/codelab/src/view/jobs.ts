/** Checks and runs, told to a page as they happen: from `lab view` itself, or from a command in another terminal. */
import { Miss } from "../check/miss.js";
import { type Failure, runStep, type Verdict } from "../check/run-step.js";
import { readProgress, withDone, writeProgress } from "../project/progress.js";
import { runSideBySide, type Said } from "../run/side-by-side.js";
import { STEPS } from "../steps.js";
import type { Recording } from "../wire/recording.js";
import type { ViewEvent } from "./events.js";

export type Tell = (event: ViewEvent) => void;

/** Checks a step, and keeps what was reached. */
export async function checkTold(project: string, number: number, tell: Tell): Promise<Verdict> {
  const step = STEPS[number - 1];
  if (step === undefined) throw new RangeError(`there is no step ${number}`);
  const follow = follower(tell);
  tell({ type: "job", title: `Checking step ${number}` });
  const verdict = await runStep(project, step, {
    begins: (title, lab) => {
      tell({ type: "begins", title });
      follow(lab.recording);
    },
    passes: (title) => tell({ type: "passed", title }),
  });
  const { passed, failure } = verdict;
  if (failure === undefined) {
    writeProgress(project, withDone(readProgress(project), number));
    tell({ type: "idle", text: `Step ${number} is done: ${count(passed.length)} passed.` });
  } else {
    tell(failed(failure));
    tell({
      type: "idle",
      text: `Step ${number}: ${count(passed.length)} passed, 1 failed. Save a file to try again.`,
    });
  }
  return verdict;
}

/**
 * Runs server and client side by side.
 *
 * @param said is told the same
 * @returns false if the server has ended before the client
 * @throws {Miss} if they cannot be run
 */
export async function runTold(
  project: string,
  recording: Recording,
  said: Said,
  interrupt: AbortSignal,
  tell: Tell,
): Promise<boolean> {
  tell({ type: "job", title: "Running your server and your client" });
  follower(tell)(recording);
  const both: Said = {
    line(program, text) {
      said.line(program, text);
      tell({ type: "line", program, text });
    },
    note(text) {
      said.note(text);
      tell({ type: "note", text });
    },
  };
  try {
    return await runSideBySide(project, recording, both, interrupt);
  } catch (error) {
    if (error instanceof Miss) tell(failed({ title: "server.ts", miss: error, line: undefined }));
    throw error;
  } finally {
    tell({ type: "idle", text: `The client has ended: ${recording.calls.length} calls.` });
  }
}

const count = (checks: number) => (checks === 1 ? "1 check" : `${checks} checks`);

/** Tells of the streams of recordings: in each, the streams have numbers of their own. */
function follower(tell: Tell): (recording: Recording) => void {
  let recordings = 0;
  return (recording) => {
    const number = recordings++;
    const known = new Set<number>();
    recording.listen((event, { id, caller, method }) => {
      const stream = `${number}-${id}`;
      if (!known.has(id)) {
        known.add(id);
        tell({ type: "stream", id: stream, caller, method });
      }
      tell({ type: "wire", id: stream, event });
    });
  };
}

function failed({ title, miss, line }: Pick<Failure, "title" | "miss" | "line">): ViewEvent {
  const { expected, seen, printed } = miss.details;
  const look = line === undefined ? undefined : `${line.file}:${line.line}  ${line.text.trim()}`;
  const details = Object.entries({ expected, seen, printed, "look at": look }).flatMap(([name, text]) =>
    text === undefined || text === "" ? [] : [[name, text] as const],
  );
  return { type: "failed", title, message: miss.message, details };
}
