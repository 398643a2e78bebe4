/** What takes part in the turns of a connection. */
export interface TurnTaker {
  /** All that this read brought has been told. */
  turn(): void;
  /** Sends what was written. */
  flush(): void;
}

/**
 * The turns of one connection over Node's own HTTP. Node calls back once a frame or chunk and drains microtasks after each, so a
 * turn ends with the immediate that follows the reads of one round of the event loop. What is written outside of a turn leaves in
 * one microtask.
 */
export class Turns {
  #read: TurnTaker[] = [];
  #written: TurnTaker[] = [];
  #inTurn = false;
  #flushing = false;

  /** This one was brought data: its turn comes when the reads are done. Call it once a turn. */
  reading(taker: TurnTaker): void {
    if (this.#read.length === 0) setImmediate(() => this.#turn());
    this.#read.push(taker);
  }

  /** This one has something to send. Call it once until it is flushed. */
  writing(taker: TurnTaker): void {
    this.#written.push(taker);
    if (this.#inTurn || this.#flushing) return;
    this.#flushing = true;
    queueMicrotask(() => {
      this.#flushing = false;
      this.#flush();
    });
  }

  #turn(): void {
    const read = this.#read;
    this.#read = [];
    this.#inTurn = true;
    for (const taker of read) taker.turn();
    this.#inTurn = false;
    this.#flush();
  }

  #flush(): void {
    const written = this.#written;
    this.#written = [];
    for (const taker of written) taker.flush();
  }
}
