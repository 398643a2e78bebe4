/** Intervals of indexes, those that touch joined where they come one after the other: first index and the one behind the last, in turn. */
export class Intervals {
  /** Only the first `length` numbers count. */
  bounds = new Int32Array(256);
  length = 0;
  /** How many indexes lie in the intervals. */
  size = 0;

  clear(): void {
    this.length = 0;
    this.size = 0;
  }

  add(first: number, end: number): void {
    this.size += end - first;
    if (this.length > 0 && this.bounds[this.length - 1] === first) {
      this.bounds[this.length - 1] = end;
      return;
    }
    if (this.length === this.bounds.length) {
      const larger = new Int32Array(2 * this.length);
      larger.set(this.bounds);
      this.bounds = larger;
    }
    this.bounds[this.length++] = first;
    this.bounds[this.length++] = end;
  }

  /** The numbers that count, for keeping. */
  copy(): Int32Array {
    return this.bounds.slice(0, this.length);
  }
}
