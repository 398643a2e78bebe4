/** A value that cannot be taken, as data: which field, what it was, and what would be right. */
export class Invalid {
  /**
   * @param field the field's path as the caller wrote it: `latitude`, `lo.longitude`
   * @param value the value, as text
   * @param expected what is taken instead, to be read after "expected"
   */
  constructor(
    readonly field: string,
    readonly value: string,
    readonly expected: string,
  ) {}

  /** One sentence without its full stop: `latitude is 91, expected -90 to 90 degrees`. */
  get message(): string {
    return `${this.field} is ${this.value === "" ? "empty" : this.value}, expected ${this.expected}`;
  }
}
