/**
 * Ends retries while a server fails more than it answers: each failure takes a token, each success brings a part of one, and with
 * half of them gone nothing is tried again. Source: gRFC A6, "Throttling Retry Attempts and Hedged RPCs".
 */
export class RetryThrottle {
  readonly #most: number;
  readonly #ratio: number;
  #tokens: number;

  /**
   * @param maxTokens how many tokens there are at first and at most
   * @param tokenRatio what a success brings
   */
  constructor(maxTokens: number, tokenRatio: number) {
    this.#most = maxTokens;
    this.#ratio = tokenRatio;
    this.#tokens = maxTokens;
  }

  get allows(): boolean {
    return this.#tokens > this.#most / 2;
  }

  failed(): void {
    this.#tokens = Math.max(0, this.#tokens - 1);
  }

  succeeded(): void {
    this.#tokens = Math.min(this.#most, this.#tokens + this.#ratio);
  }
}
