/** The weight of the newest turn in the moving average. */
const NEWEST_WEIGHT = 0.2;
/** Maximum number of names whose turns are remembered. The name that was noted first is forgotten first. */
const MAX_NAMES = 1_000;

/** How long one turn at a fair lock takes, from one grant to the next: a moving average for each name. */
export class TurnTimes {
  readonly #averages = new Map<string, number>();

  /** The average in ms. `undefined` if no turn was seen. */
  averageOf(name: string): number | undefined {
    return this.#averages.get(name);
  }

  record(name: string, turnMs: number): void {
    const average = this.#averages.get(name);
    this.#averages.set(name, average === undefined ? turnMs : average + NEWEST_WEIGHT * (turnMs - average));
    if (this.#averages.size > MAX_NAMES) this.#averages.delete(this.#averages.keys().next().value!);
  }
}

/** Derives the time of a turn from how one caller moves up in line. */
export class TurnWatcher {
  readonly callerNumber: number;
  readonly #times: TurnTimes;
  readonly #name: string;
  readonly #now: () => number;
  /** The latest position; `undefined` before the first refusal. */
  #ahead: number | undefined;
  #since = 0;
  /** Whether `#since` is when it moved up to this position. Otherwise a part of the first turn had passed before. */
  #hasMoved = false;

  constructor(callerNumber: number, times: TurnTimes, name: string, now: () => number) {
    this.callerNumber = callerNumber;
    this.#times = times;
    this.#name = name;
    this.#now = now;
  }

  /** A refusal reports the number of places ahead. */
  onRefused(ahead: number): void {
    const before = this.#ahead;
    if (before !== undefined && ahead >= before) return;
    if (before !== undefined) {
      if (this.#hasMoved) this.#record(before - ahead);
      this.#hasMoved = true;
    }
    this.#ahead = ahead;
    this.#since = this.#now();
  }

  /** The lock was granted. The holder before it was also a turn. */
  onGranted(): void {
    if (this.#ahead !== undefined) this.#record(this.#ahead + 1);
  }

  #record(turns: number): void {
    this.#times.record(this.#name, (this.#now() - this.#since) / turns);
  }
}
