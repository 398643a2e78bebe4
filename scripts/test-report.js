// Follows a test run: prints failures whole and passes not at all, and counts both.
import { relative } from "node:path";
import { inspect } from "node:util";
import { root } from "./step.js";

/** @typedef {{ name: string, nesting: number, file?: string, line?: number, details: { type?: string, error?: Error, duration_ms: number }, skip?: string | boolean, todo?: string | boolean }} Ended */

export class Tally {
  passed = 0;
  failed = 0;
  skipped = 0;
  #started = performance.now();

  /** @param {AsyncIterable<{ type: string, data: any }>} events */
  async follow(events) {
    for await (const { type, data } of events) {
      if (type === "test:pass") this.#pass(data);
      if (type === "test:fail") this.#fail(data);
      if (type === "test:stderr" || type === "test:stdout") process.stderr.write(data.message);
    }
  }

  /** The line that CI reads. */
  closingLine() {
    console.log(`${((performance.now() - this.#started) / 1000).toFixed(1)} s`);
    return `${this.passed} passed, ${this.failed} failed${this.skipped > 0 ? `, ${this.skipped} skipped` : ""}`;
  }

  /** @param {Ended} test */
  #pass({ name, details, skip }) {
    if (isContainer(name, details)) return;
    if (skip === undefined) {
      this.passed++;
    } else {
      this.skipped++;
      console.log(`skipped: ${name}${typeof skip === "string" ? `: ${skip}` : ""}`);
    }
  }

  /** @param {Ended} test */
  #fail({ name, file, line, details }) {
    const { error } = details;
    const cause = /** @type {any} */ (error?.cause ?? error);
    // A suite or a file fails because of a test in it, which has been told already.
    if (/** @type {any} */ (error)?.failureType === "subtestsFailed") return;
    this.failed++;
    const where = file === undefined ? "" : ` (${relative(root, file)}${line === undefined ? "" : `:${line}`})`;
    console.log(`\nfailed: ${name}${where}\n${cause?.stack ?? inspect(cause)}\n`);
  }
}

/**
 * Suites and files are not tests.
 *
 * @param {string} name
 * @param {Ended["details"]} details
 */
function isContainer(name, details) {
  return details.type === "suite" || name.endsWith(".js");
}
