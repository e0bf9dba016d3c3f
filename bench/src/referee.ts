/** Watches the holders of one lock from outside: never two at once, and fencing tokens that only grow. */
export class Referee {
  readonly #what: string;
  #holders = 0;
  #fence = 0;

  /** `what` names the contender in errors. */
  constructor(what: string) {
    this.#what = what;
  }

  /** @throws Error when the lock was granted twice, or with a fencing token that is not above the one before. */
  enter(fence: number | undefined): void {
    this.#holders += 1;
    if (this.#holders > 1) throw new Error(`${this.#what}: ${this.#holders} hold one lock at the same time`);
    if (fence === undefined) return;
    if (!(fence > this.#fence)) {
      throw new Error(`${this.#what}: fencing token ${fence} came after ${this.#fence}`);
    }
    this.#fence = fence;
  }

  /** To be called before the release begins. */
  leave(): void {
    this.#holders -= 1;
  }
}
