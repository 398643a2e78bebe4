import type { Client } from "@routeguide/grpc";
import type { RouteGuide, RouteSummary } from "routeguide/contract";
import type { Point } from "./point.js";

/** A route that is sent point by point, as it is drawn. */
export class RouteRecording {
  /** The server's summary, after `finish()`; rejects if the call fails, whenever that is. */
  readonly summary: Promise<RouteSummary>;
  readonly #end = new AbortController();
  readonly #unsent: Point[] = [];
  #isFinished = false;
  #wake = () => {};

  constructor(guide: Client<typeof RouteGuide>) {
    this.summary = guide.recordRoute(this.#points(), { signal: this.#end.signal });
  }

  /** Sends a point. What is sent stays sent. */
  add(point: Point): void {
    this.#unsent.push(point);
    this.#wake();
  }

  /** Sends no more: the server sums up what it has. */
  finish(): void {
    this.#isFinished = true;
    this.#wake();
  }

  /** Cancels the call: there will be no summary. */
  discard(): void {
    this.#end.abort();
    this.finish();
  }

  async *#points(): AsyncGenerator<Point> {
    for (;;) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      yield* this.#unsent.splice(0);
      if (this.#unsent.length > 0) continue;
      if (this.#isFinished) return;
      await woken;
    }
  }
}
