import { setTimeout as delay } from "node:timers/promises";

const REASONS_SHOWN = 5;

/** Counts what went well, and says why the rest did not. */
export class Tally {
  passed = 0;
  failed = 0;
  readonly #counts = new Map<string, { good: number; readonly bad: string[] }>();

  /** Waits for something that is to be counted under a name. What takes longer than it may is stuck, and not waited for. */
  async count(name: string, stuckMs: number, event: Promise<void>): Promise<void> {
    const entry = this.#counts.get(name) ?? { good: 0, bad: [] };
    this.#counts.set(name, entry);
    const end = new AbortController();
    const late = delay(stuckMs, undefined, { signal: end.signal }).then(() => {
      throw new Error(`stuck for ${stuckMs / 1000} s`);
    });
    late.catch(() => {});
    try {
      await Promise.race([event, late]);
      entry.good++;
    } catch (error) {
      entry.bad.push(String(error));
    }
    end.abort();
  }

  /** Makes what was counted under a name one check. It fails if nothing was counted. */
  report(name: string): void {
    const { good, bad } = this.#counts.get(name) ?? { good: 0, bad: [] };
    const reasons = [...new Set(bad)].slice(0, REASONS_SHOWN).join("\n  ");
    this.check(
      name,
      good > 0 && bad.length === 0,
      `${good} times${bad.length > 0 ? `, ${bad.length} not:\n  ${reasons}` : ""}`,
    );
  }

  /** A line for a check. */
  check(name: string, holds: boolean, figures: string): void {
    if (holds) this.passed++;
    else this.failed++;
    console.log(`${holds ? "ok" : "failed"}: ${name}${figures === "" ? "" : `: ${figures}`}`);
  }

  closingLine(): string {
    return `${this.passed} passed, ${this.failed} failed`;
  }
}
