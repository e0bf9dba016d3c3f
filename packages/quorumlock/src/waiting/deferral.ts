import type { Clock } from "../base/clock.ts";

/** How long to defer to another client: longer than that client needs, unless it is gone. */
const MIN_DEFER_MS = 50;
const MAX_DEFER_MS = 80;
/** In total, however often others are named: this client's own place in line may be lost. */
const MAX_TOTAL_DEFER_MS = 500;

/**
 * Defers to the client that a wake message names as next in line: two clients that compete only split the votes
 * (protocol §8). The member with the lowest index decides who is next. A message that names nobody changes nothing.
 */
export class Deferral {
  readonly #clock: Clock;
  readonly #clientId: string;
  /** The member with the lowest index that named a client. */
  #namedBy = Infinity;
  #since = Infinity;
  #until = 0;

  constructor(clock: Clock, clientId: string) {
    this.#clock = clock;
    this.#clientId = clientId;
  }

  /** The moment of the monotonic clock until which another client goes first; 0 if none does. */
  get until(): number {
    return this.#until;
  }

  /** An attempt begins: what was named before it is out of date. */
  reset(): void {
    this.#namedBy = Infinity;
    this.#since = Infinity;
    this.#until = 0;
  }

  /** `next`: the client that `member` names as next in line; "" if it names none. */
  onNamed(member: number, next: string): void {
    if (next === "" || member > this.#namedBy) return;
    const now = this.#clock.monotonic();
    this.#namedBy = member;
    this.#since = Math.min(this.#since, now);
    if (next === this.#clientId) {
      this.#until = 0;
      return;
    }
    const deferMs = MIN_DEFER_MS + this.#clock.random() * (MAX_DEFER_MS - MIN_DEFER_MS);
    this.#until = Math.min(now + deferMs, this.#since + MAX_TOTAL_DEFER_MS);
  }
}
