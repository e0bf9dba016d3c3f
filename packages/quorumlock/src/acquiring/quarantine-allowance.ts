import type { Clock } from "../base/clock.ts";
import type { ResolvedAcquireOptions } from "../base/options.ts";
import type { Members } from "../members/members.ts";

/** A longer quarantine of a majority is charged. */
const MAX_UNCHARGED_MS = 60_000;

/** By how much a default wait lasts longer, because the quarantine of a majority is not charged to it. Used once. */
export class QuarantineAllowance {
  readonly #clock: Clock;
  readonly #members: Members;
  readonly #waitMs: number;
  #isOpen: boolean;

  constructor(clock: Clock, members: Members, { waitMs, isDefaultWait }: ResolvedAcquireOptions) {
    this.#clock = clock;
    this.#members = members;
    this.#waitMs = waitMs;
    this.#isOpen = isDefaultWait;
  }

  /** The allowance when the wait begins, in ms. */
  atStart(): number {
    if (!this.#isOpen) return 0;
    const quarantineMs = this.#members.quorumExpectedAt - this.#clock.monotonic();
    if (quarantineMs <= 0 || quarantineMs > MAX_UNCHARGED_MS) return 0;
    this.#isOpen = false;
    return quarantineMs;
  }

  /** The allowance when the wait would end, in ms. A quarantine that was discovered late used it up, so the wait begins again. */
  atEnd(): number {
    const quarantineMs = this.atStart();
    return quarantineMs > 0 ? quarantineMs + this.#waitMs : 0;
  }
}
