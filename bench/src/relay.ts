import { setTimeout as sleep } from "node:timers/promises";
import { Referee, type Violation } from "./referee.ts";
import type { Player } from "./turns.ts";

export interface RelayLock {
  readonly name: string;
  /** How many wait at each hand-over. */
  readonly waiters: number;
  readonly holdMs: number;
}

/** The relay ends with whichever comes first. */
export interface RelayLimits {
  readonly handOvers: number;
  readonly timeMs: number;
}

export interface RelayResult {
  /** From each release to the next grant. */
  readonly latenciesMs: readonly number[];
  /** All grants, also those after the last hand-over that was measured. */
  readonly grants: number;
  /** Why acquisitions and releases failed, one entry each. */
  readonly errors: readonly string[];
  readonly violations: readonly Violation[];
}

/** So many failures end a relay: servers that refuse at once would otherwise be asked without a break. */
const MOST_ERRORS = 200;
/** How long those who still wait at the end may take to give up; afterwards they are left behind. */
const WIND_DOWN_MS = 5_000;

/** Hands one lock from waiter to waiter. */
export async function runRelay(
  { entrant }: Pick<Player, "entrant">,
  { name, waiters, holdMs }: RelayLock,
  limits: RelayLimits,
): Promise<RelayResult> {
  const relay = new Relay(limits);
  // One more than wait: the one that holds the lock.
  const runners = Array.from({ length: waiters + 1 }, async () => {
    while (!relay.over) {
      try {
        const grant = await entrant.acquire(name);
        relay.take(grant.fence);
        // Who comes in after the end hurries on, so that the others can come to theirs.
        if (!relay.over) await sleep(holdMs);
        const taken = relay.letGo();
        await grant.release();
        await taken;
      } catch (error) {
        relay.failed(error);
      }
    }
  });
  const limit = new AbortController();
  // Where several held it at once, all of them may wait for one to come.
  const end = setTimeout(() => relay.over, limits.timeMs);
  const patience = sleep(limits.timeMs + WIND_DOWN_MS, undefined, { signal: limit.signal });
  await Promise.race([Promise.all(runners), patience.catch(() => undefined)]);
  limit.abort();
  clearTimeout(end);
  return relay.finish();
}

class Relay {
  readonly #referee = new Referee();
  readonly #limits: RelayLimits;
  readonly #end: number;
  readonly #latenciesMs: number[] = [];
  readonly #errors: string[] = [];
  #grants = 0;
  #releasedAt: number | undefined;
  /** Lets the last holder join the waiters again; there are more of them only where several held it at once. */
  #letGo: (() => void)[] = [];
  #stopped = false;

  constructor(limits: RelayLimits) {
    this.#limits = limits;
    this.#end = performance.now() + limits.timeMs;
  }

  get over(): boolean {
    const over =
      this.#stopped ||
      this.#latenciesMs.length >= this.#limits.handOvers ||
      this.#errors.length >= MOST_ERRORS ||
      performance.now() >= this.#end;
    // Who let go and waits for the next to come may not be left alone.
    if (over) this.#rejoin();
    return over;
  }

  take(fence: number | undefined): void {
    const now = performance.now();
    this.#grants += 1;
    // At the end there are fewer and fewer waiters: that is not what is measured.
    if (this.#releasedAt !== undefined && !this.over) this.#latenciesMs.push(now - this.#releasedAt);
    this.#referee.enter(fence);
    this.#rejoin();
  }

  /** To be called right before the release; resolves when the next one has the lock, or nobody is to have it any more. */
  letGo(): Promise<void> {
    this.#referee.leave();
    const taken = new Promise<void>((resolve) => this.#letGo.push(resolve));
    this.#releasedAt = performance.now();
    return this.over ? Promise.resolve() : taken;
  }

  #rejoin(): void {
    for (const rejoin of this.#letGo.splice(0)) rejoin();
  }

  failed(error: unknown): void {
    this.#errors.push(error instanceof Error ? error.message : String(error));
  }

  finish(): RelayResult {
    this.#stopped = true;
    return {
      latenciesMs: this.#latenciesMs,
      grants: this.#grants,
      errors: this.#errors,
      violations: this.#referee.violations,
    };
  }
}
