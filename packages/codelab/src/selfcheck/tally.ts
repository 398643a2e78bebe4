/** Counts what was held to the rules, and tells only what broke them. */
export class Tally {
  passed = 0;
  failed = 0;

  /** Without a complaint it went well. */
  readonly tell = (title: string, complaint: string | undefined): void => {
    if (complaint === undefined) {
      this.passed++;
      return;
    }
    this.failed++;
    console.log(`failed: ${title}\n${complaint}\n`);
  };

  /** The line that CI reads. */
  close(): void {
    console.log(`${this.passed} passed, ${this.failed} failed`);
    process.exitCode = this.failed === 0 ? 0 : 1;
  }
}
