import type { Clock } from "../base/clock.ts";

/** How long to defer to another client. It is longer than that client needs to acquire the lock. */
const MIN_DEFER_MS = 50;
const MAX_DEFER_MS = 80;
/** The limit for all deferrals together, because this client may have lost its own place in line. */
const MAX_TOTAL_DEFER_MS = 500;

/**
 * Defers to the clients that a wake message names as next in line: two clients that compete only split the votes
 * (protocol §8). A message names several clients if they can hold the lock together. The member with the lowest index decides who is next. A message that names no client changes nothing.
 */
export class Deferral {
  readonly #clock: Clock;
  readonly #waiter: string;
  /** The lowest index of a member that named a client; `Infinity` if none did. */
  #namedBy = Infinity;
  /** When the first message named a client; `Infinity` if none did. */
  #startedAt = Infinity;
  #endsAt = 0;

  constructor(clock: Clock, waiter: string) {
    this.#clock = clock;
    this.#waiter = waiter;
  }

  /** When this client stops deferring, by the monotonic clock. 0, which is in the past, if it does not defer. */
  get endsAt(): number {
    return this.#endsAt;
  }

  /** Forgets the named clients. Call it when an attempt begins, because earlier messages are out of date then. */
  reset(): void {
    this.#namedBy = Infinity;
    this.#startedAt = Infinity;
    this.#endsAt = 0;
  }

  /** `next`: the clients that `member` names as next in line, with spaces between them; "" if it names none. */
  onNamed(member: number, next: string): void {
    if (next === "" || member > this.#namedBy) return;
    const now = this.#clock.monotonic();
    this.#namedBy = member;
    this.#startedAt = Math.min(this.#startedAt, now);
    if (next.split(" ").includes(this.#waiter)) {
      this.#endsAt = 0;
      return;
    }
    const deferMs = MIN_DEFER_MS + this.#clock.random() * (MAX_DEFER_MS - MIN_DEFER_MS);
    this.#endsAt = Math.min(now + deferMs, this.#startedAt + MAX_TOTAL_DEFER_MS);
  }
}
