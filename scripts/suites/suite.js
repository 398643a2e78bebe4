// What the suites of other people's programs have in common: checks that are told one by one, and a closing line that CI reads.
import { inspect } from "node:util";
import { StepFailed } from "../step.js";

/** Something that this machine lacks: what needs it is skipped, with this reason. */
export class Missing extends Error {}

export class Suite {
  #passed = 0;
  #failed = 0;
  #skipped = 0;

  /**
   * Runs one check. It fails if it throws, and is skipped if something that it needs is missing.
   *
   * @param {string} title a sentence about what works
   * @param {() => unknown} run
   */
  async check(title, run) {
    const started = performance.now();
    try {
      await run();
      this.#passed++;
      console.log(`ok: ${title} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
    } catch (error) {
      if (error instanceof Missing) this.skip(title, error.message);
      else this.#fail(title, error);
    }
  }

  /**
   * @param {string} title
   * @param {string} reason
   */
  skip(title, reason) {
    this.#skipped++;
    console.log(`skipped: ${title}: ${reason}`);
  }

  /**
   * Adds what a program counted itself.
   *
   * @param {string} title
   * @param {{ passed: number, failed: number }} counts
   */
  add(title, { passed, failed }) {
    this.#passed += passed;
    this.#failed += failed;
    console.log(`${failed === 0 ? "ok" : "failed"}: ${title}: ${passed} passed, ${failed} failed`);
  }

  /** Prints the line that CI reads, and sets the exit code. */
  close() {
    const skipped = this.#skipped > 0 ? `, ${this.#skipped} skipped` : "";
    console.log(`${this.#passed} passed, ${this.#failed} failed${skipped}`);
    process.exitCode = this.#failed === 0 ? 0 : 1;
  }

  /**
   * @param {string} title
   * @param {unknown} error
   */
  #fail(title, error) {
    this.#failed++;
    // A step has printed what went wrong in it.
    const reason = error instanceof StepFailed ? `${error.message} failed` : inspect(error);
    console.log(`failed: ${title}\n${reason}\n`);
  }
}
