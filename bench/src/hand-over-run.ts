import type { LockClient } from "./contender.ts";
import { ExclusionChecker, type Violation } from "./exclusion-checker.ts";
import { messageOf, TIMED_OUT, withTimeout } from "./with-timeout.ts";
import { setTimeout as sleep } from "node:timers/promises";

export interface HandOverLock {
  readonly name: string;
  /** How many callers wait at each hand-over. */
  readonly waiters: number;
  readonly holdMs: number;
}

/** The run ends at the first limit that it reaches. */
export interface HandOverLimits {
  readonly handOvers: number;
  readonly timeMs: number;
}

export interface HandOverResult {
  /** From each call of `release()` to the next grant. */
  readonly latenciesMs: readonly number[];
  /** All grants, including those after the last measured hand-over. */
  readonly grants: number;
  /** Messages of failed acquisitions and releases. */
  readonly errors: readonly string[];
  readonly violations: readonly Violation[];
}

/** The run ends after this many errors, because a contender that is refused at once would retry without a pause. */
const MAX_ERRORS = 200;
/** The time limit for callers that still wait at the end of the run. */
const END_TIMEOUT_MS = 5_000;

/** Passes one lock from caller to caller, and measures each hand-over. */
export async function runHandOvers(
  { lockClient }: { readonly lockClient: LockClient },
  { name, waiters, holdMs }: HandOverLock,
  limits: HandOverLimits,
): Promise<HandOverResult> {
  const run = new HandOverRun(limits);
  // One caller holds the lock while the others wait.
  const callers = Array.from({ length: waiters + 1 }, async () => {
    while (!run.isOver) {
      try {
        const grant = await lockClient.acquire(name);
        run.onGrant(grant.fence);
        // After the end callers release at once, so that all of them finish soon.
        if (!run.isOver) await sleep(holdMs);
        const nextGrant = run.beforeRelease();
        await grant.release();
        await nextGrant;
      } catch (error) {
        run.onError(error);
      }
    }
  });
  // If several callers held the lock at once, all callers may be waiting for the next grant.
  const end = setTimeout(() => run.end(), limits.timeMs);
  const outcome = await withTimeout(Promise.all(callers), limits.timeMs + END_TIMEOUT_MS);
  // Such callers load the servers in the next turn, so the tables must show it.
  if (outcome === TIMED_OUT)
    run.onError(new Error(`callers still waited ${END_TIMEOUT_MS} ms after the end`));
  clearTimeout(end);
  return run.finish();
}

class HandOverRun {
  readonly #checker = new ExclusionChecker();
  readonly #limits: HandOverLimits;
  readonly #endsAt: number;
  readonly #latenciesMs: number[] = [];
  readonly #errors: string[] = [];
  #grants = 0;
  #releasedAt: number | undefined;
  /** Resolvers of callers that released and wait for the next grant. More than one only after a violation. */
  #resumers: (() => void)[] = [];
  #isFinished = false;

  constructor(limits: HandOverLimits) {
    this.#limits = limits;
    this.#endsAt = performance.now() + limits.timeMs;
  }

  get isOver(): boolean {
    const isOver =
      this.#isFinished ||
      this.#latenciesMs.length >= this.#limits.handOvers ||
      this.#errors.length >= MAX_ERRORS ||
      performance.now() >= this.#endsAt;
    // No further grant may come, so callers that wait for one would hang.
    if (isOver) this.#resumeCallers();
    return isOver;
  }

  onGrant(fence: number | undefined): void {
    const now = performance.now();
    this.#grants += 1;
    // After the end fewer callers wait, so those hand-overs do not count.
    if (this.#releasedAt !== undefined && !this.isOver) this.#latenciesMs.push(now - this.#releasedAt);
    this.#checker.enter(fence);
    this.#resumeCallers();
  }

  /** Call it right before the release. Resolves at the next grant, or when the run is over. */
  beforeRelease(): Promise<void> {
    this.#checker.leave();
    const nextGrant = new Promise<void>((resolve) => this.#resumers.push(resolve));
    this.#releasedAt = performance.now();
    return this.isOver ? Promise.resolve() : nextGrant;
  }

  onError(error: unknown): void {
    this.#errors.push(messageOf(error));
  }

  end(): void {
    this.#isFinished = true;
    this.#resumeCallers();
  }

  finish(): HandOverResult {
    this.end();
    return {
      latenciesMs: this.#latenciesMs,
      grants: this.#grants,
      errors: this.#errors,
      violations: this.#checker.violations,
    };
  }

  #resumeCallers(): void {
    for (const resume of this.#resumers.splice(0)) resume();
  }
}
