import type { Redlock } from "quorumlock";
import { lastRun } from "quorumlock/patterns";
import type { LastRunView } from "../api.ts";

/** Pages read a lock each second, but its last run changes seldom. */
const KEPT_MS = 5_000;
const MAX_KEPT = 1_000;

/** The last run of the job of this name. `undefined` if none is known, or if too few servers answer. */
export async function readLastRun(redlock: Redlock, name: string): Promise<LastRunView | undefined> {
  try {
    return await lastRun(redlock, name);
  } catch {
    // Names of locks can be longer than names of jobs. It is a report for people, so a failure is no problem of the lock.
    return undefined;
  }
}

/** Reads the last runs of jobs, and keeps each for 5 s. */
export class LastRuns {
  readonly #redlock: Redlock;
  readonly #kept = new Map<
    string,
    { readonly run: Promise<LastRunView | undefined>; readonly until: number }
  >();

  constructor(redlock: Redlock) {
    this.#redlock = redlock;
  }

  read(name: string): Promise<LastRunView | undefined> {
    const now = performance.now();
    const kept = this.#kept.get(name);
    if (kept !== undefined && kept.until > now) return kept.run;
    const run = readLastRun(this.#redlock, name);
    this.#kept.delete(name);
    this.#kept.set(name, { run, until: now + KEPT_MS });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return run;
  }
}
