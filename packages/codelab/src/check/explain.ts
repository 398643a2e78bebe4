/** Turns whatever a check ran into into one message for the learner. */
import { Code, RpcError } from "@routeguide/grpc";
import type { Lab } from "./lab.js";
import { Miss, type Suspect } from "./miss.js";
import { PATIENCE } from "./patience.js";

/** @returns what to tell; undefined if the lab itself is broken */
export async function explain(error: unknown, lab: Lab): Promise<Miss | undefined> {
  const program = lab.running?.program;
  let isBlocked = false;
  if (program !== undefined) {
    // A call fails a moment before its server's process is seen to have ended.
    if (program.end === undefined) isBlocked = (await program.ask("looks", PATIENCE.probe)) === undefined;
    if (program.output.isFlooded) return new Miss("The server printed more than 1 MB and was stopped", at(lab));
    if (program.end !== undefined && !program.wasAsked) {
      return new Miss("The server crashed", {
        expected: "whatever a client sends, the server goes on",
        printed: program.output.text,
        ...at(lab),
      });
    }
  }
  if (error instanceof Miss) return error;
  return error instanceof RpcError ? explainStatus(error, lab, isBlocked) : undefined;
}

function explainStatus(error: RpcError, lab: Lab, isBlocked: boolean): Miss {
  const name = lab.recording.calls.at(-1)?.method ?? "The call";
  const printed = lab.running?.program.output.text ?? "";
  switch (error.code) {
    case Code.Unimplemented:
      return new Miss(`${name} has no handler`, { seen: error.message, ...at(lab) });
    case Code.Unknown:
      return new Miss(`${name} threw an error that was not meant for the client`, {
        seen: error.message,
        printed,
        ...at(lab),
      });
    case Code.DeadlineExceeded: {
      const seconds = PATIENCE.answer / 1000;
      return isBlocked
        ? new Miss(`${name} is in a loop that never ends: the server answers nobody`, { printed, ...at(lab) })
        : new Miss(`${name} did not end within ${seconds} seconds`, { printed, ...at(lab) });
    }
    default:
      return new Miss(`${name} failed`, { seen: error.message, printed, ...at(lab) });
  }
}

/** The handler of the last call. */
function at(lab: Lab): { at?: Suspect } {
  const method = lab.recording.calls.at(-1)?.method;
  if (method === undefined) return {};
  const handler = method.charAt(0).toLowerCase() + method.slice(1);
  return { at: { file: "service.ts", line: new RegExp(`\\b${handler}\\b.*[({]`) } };
}
