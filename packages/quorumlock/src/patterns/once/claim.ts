import { LockAbortedError, LockLostError } from "../../base/errors.ts";
import type { Lock } from "../../lockable.ts";
import { isLock, takeJobLock } from "../job-lock.ts";
import { pause } from "../pause.ts";
import { Pauses } from "../pauses.ts";
import type { StoredRecord } from "../records/record-store.ts";
import { clockFrom } from "../store-clock.ts";
import { isUnreachable, outageError } from "../unreachable.ts";
import { holdId, holdOptions, type Job, runId, runOptions } from "./job.ts";
import {
  claimFields,
  type ClaimedRun,
  encodeRun,
  holdIn,
  publicRun,
  runIn,
  type RunRecord,
} from "./run-record.ts";
import { putLastRun } from "./last-run.ts";

/**
 * Why a routine did not run:
 *
 * - `done`: it has run for this instant.
 * - `failed`: it failed for this instant, or its worker died, and no attempt is left.
 * - `running`: another process is at work on this job.
 * - `tooSoon`: the run before it began less than `atLeastFor` ago.
 * - `late`: `startWithin` is over, or the instant passed while the run before it was at work.
 */
export type SkipReason = "done" | "failed" | "running" | "tooSoon" | "late";

/** The routine did not run. */
export interface Skipped {
  /** Tells the results apart. */
  readonly outcome: "skipped";
  /** Why it did not run. */
  readonly reason: SkipReason;
  /** What is recorded of the instant, if it is known. */
  readonly run?: RunRecord;
}

/** A claim that a quorum knows: the routine may begin if the lock is still held. */
export interface Claimed {
  readonly outcome: "claimed";
  readonly lock: Lock;
  readonly run: ClaimedRun;
  /** The time of the store, now. */
  readonly storeNow: () => number;
}

/** Begin again, after a pause. */
interface Again {
  readonly outcome: "again";
  readonly pauseMs: number;
}

/** What the records say under the lock. */
interface Opened {
  readonly scheduledAt: number;
  readonly record: StoredRecord | undefined;
  readonly hold: StoredRecord | undefined;
  readonly storeNow: () => number;
}

/** The claim of an instant, from the call to the claim or to the reason why there is none. */
export class Claiming {
  readonly #job: Job;
  readonly #startedAt: number;
  /** The claims of this call that were taken back. A store that did not confirm that may still have them. */
  readonly #withdrawn = new Set<string>();
  /** For an outage, or for split votes. */
  readonly #pauses: Pauses;

  constructor(job: Job) {
    this.#job = job;
    this.#startedAt = job.client.clock.monotonic();
    this.#pauses = new Pauses(job.client.clock);
  }

  /**
   * Claims the instant. Nothing has run yet when it throws.
   * @throws QuorumError, RecordStoreError, CircuitOpenError if an outage lasts until `startWithin` is over; LockLostError if the records
   * were opened with larger fencing tokens all that time, for example under another lock.
   * @throws LockAbortedError, LockClosedError.
   */
  async run(): Promise<Claimed | Skipped> {
    const { client, name, signal } = this.#job;
    for (;;) {
      if (signal?.aborted === true) throw new LockAbortedError([name], signal.reason);
      let step: Claimed | Skipped | Again;
      try {
        step = await this.#step();
      } catch (error) {
        if (!isUnreachable(error)) throw error;
        if (this.#isOver()) throw outageError(error);
        step = this.#again();
      }
      if (step.outcome !== "again") return step;
      await pause(client, [name], step.pauseMs, signal);
    }
  }

  /** Whether the time for outages is over. */
  #isOver(): boolean {
    const { client, limits } = this.#job;
    return client.clock.monotonic() - this.#startedAt >= limits.retryForMs;
  }

  async #step(): Promise<Claimed | Skipped | Again> {
    const known = await this.#look();
    if (known !== undefined) return known;
    const lock = await this.#acquire();
    if (!isLock(lock)) return lock;
    let isClaimed = false;
    try {
      const step = await this.#claim(lock);
      isClaimed = step.outcome === "claimed";
      return step;
    } catch (error) {
      // Another holder opened a record, so this lock was lost. Its records say what to do.
      if (!(error instanceof LockLostError) || this.#isOver()) throw error;
      return this.#again();
    } finally {
      if (!isClaimed) await lock.release().catch(() => undefined);
    }
  }

  /** An instant that is over needs no lock. With `every`, the instant is not known yet. */
  async #look(): Promise<Skipped | undefined> {
    const { name, records, instant } = this.#job;
    if ("everyMs" in instant) return undefined;
    return this.#finished(runIn(await records.get(runId(name, instant.scheduledAt)), instant.scheduledAt));
  }

  async #acquire(): Promise<Lock | Skipped | Again> {
    const { lockable, signal } = this.#job;
    const taken = await takeJobLock(lockable, signal);
    if (isLock(taken)) return taken;
    return taken.isHeld ? { outcome: "skipped", reason: "running" } : this.#again();
  }

  /** Claims the instant under the lock. */
  async #claim(lock: Lock): Promise<Claimed | Skipped | Again> {
    const opened = await this.#open(lock);
    const { scheduledAt, record, hold, storeNow } = opened;
    const before = this.#runBefore(runIn(record, scheduledAt));
    const known = this.#finished(before);
    if (known !== undefined) return known;
    const { limits, instant } = this.#job;
    if (before !== undefined && before.attempt >= limits.attempts) return this.#giveUp(lock, opened, before);
    const now = storeNow();
    const held = holdIn(hold);
    if (held.until > now && held.scheduledAt !== scheduledAt)
      return { outcome: "skipped", reason: "tooSoon" };
    const earlyMs = scheduledAt - limits.maxSkewMs - now;
    if (earlyMs > 0) return { outcome: "again", pauseMs: earlyMs };
    const isFirst = before === undefined || before.attempt === 0;
    const isLate = !("everyMs" in instant) && now > scheduledAt + limits.startWithinMs;
    if (isFirst && isLate) return { outcome: "skipped", reason: "late" };
    return this.#put(lock, opened, (before?.attempt ?? 0) + 1);
  }

  /** Opens the record of the instant, and looks whether another instant began too recently. */
  async #open(lock: Lock): Promise<Opened> {
    const job = this.#job;
    const { client, name, records, instant, limits } = job;
    if ("everyMs" in instant) {
      // The time of the store decides which instant it is.
      const hold = await records.open(holdId(name), lock.fence, holdOptions(job));
      const storeNow = clockFrom(client.clock, hold);
      const scheduledAt = Math.max(1, Math.floor(hold.now / instant.everyMs) * instant.everyMs);
      const id = runId(name, scheduledAt);
      const { record } = await records.open(id, lock.fence, runOptions(job, scheduledAt));
      return { scheduledAt, record, hold: hold.record, storeNow };
    }
    const { scheduledAt } = instant;
    const [opened, hold] = await Promise.all([
      records.open(runId(name, scheduledAt), lock.fence, runOptions(job, scheduledAt)),
      limits.atLeastForMs === 0 ? undefined : records.get(holdId(name)),
    ]);
    return { scheduledAt, record: opened.record, hold, storeNow: clockFrom(client.clock, opened) };
  }

  /** Records the claim. Only after that may the routine begin. */
  async #put(lock: Lock, opened: Opened, attempt: number): Promise<Claimed | Again> {
    const job = this.#job;
    const { name, records, limits, signal } = job;
    const { scheduledAt, storeNow } = opened;
    const run: ClaimedRun = {
      ...claimFields(lock),
      scheduledAt,
      state: "running",
      attempt,
      startedAt: storeNow(),
      finishedAt: undefined,
      error: undefined,
    };
    try {
      await Promise.all([
        records.put(
          runId(name, scheduledAt),
          { fence: lock.fence, version: 1, body: encodeRun(run) },
          runOptions(job, scheduledAt),
        ),
        limits.atLeastForMs === 0
          ? undefined
          : this.#putHold(lock, scheduledAt, run.startedAt + limits.atLeastForMs, 1),
      ]);
    } catch (error) {
      await this.#withdraw(lock, run);
      throw error;
    }
    if (lock.isHeld && signal?.aborted !== true) return { outcome: "claimed", lock, run, storeNow };
    await this.#withdraw(lock, run);
    return this.#again();
  }

  /** `version`: 1 at the claim, 2 if it is taken back. */
  #putHold(lock: Lock, scheduledAt: number, until: number, version: 1 | 2): Promise<void> {
    const { name, records } = this.#job;
    const body = JSON.stringify({ scheduledAt, until });
    return records.put(holdId(name), { fence: lock.fence, version, body }, holdOptions(this.#job));
  }

  /** Takes back a claim under which nothing ran. */
  async #withdraw(lock: Lock, run: ClaimedRun): Promise<void> {
    const { name, records, limits } = this.#job;
    const { scheduledAt } = run;
    this.#withdrawn.add(run.claim);
    const body = encodeRun({ ...run, state: "withdrawn", attempt: run.attempt - 1 });
    const record = { fence: lock.fence, version: 2, body };
    await Promise.allSettled([
      records.put(runId(name, scheduledAt), record, runOptions(this.#job, scheduledAt)),
      limits.atLeastForMs === 0 ? undefined : this.#putHold(lock, scheduledAt, 0, 2),
    ]);
  }

  /** The worker of the last attempt died, so the instant has failed. */
  async #giveUp(lock: Lock, { scheduledAt, storeNow }: Opened, before: ClaimedRun): Promise<Skipped> {
    const job = this.#job;
    const finishedAt = storeNow();
    const run: ClaimedRun = { ...before, state: "failed", finishedAt, error: "worker died" };
    const record = { fence: lock.fence, version: 1, body: encodeRun(run) };
    await Promise.all([
      job.records.put(runId(job.name, scheduledAt), record, runOptions(job, scheduledAt)),
      putLastRun(job, run, finishedAt - run.startedAt, "successor"),
    ]);
    return { outcome: "skipped", reason: "failed", run: publicRun(run) };
  }

  /** The run that is recorded. A claim of this call that was taken back never ran, whatever the store says. */
  #runBefore(run: ClaimedRun | undefined): ClaimedRun | undefined {
    if (run?.state !== "running" || !this.#withdrawn.has(run.claim)) return run;
    return { ...run, state: "withdrawn", attempt: run.attempt - 1 };
  }

  /** The result if no run of the instant can begin any more. */
  #finished(run: ClaimedRun | undefined): Skipped | undefined {
    const reason = run && finalReason(run, this.#job.limits.attempts);
    return run && reason && { outcome: "skipped", reason, run: publicRun(run) };
  }

  #again(): Again {
    return { outcome: "again", pauseMs: this.#pauses.next() };
  }
}

function finalReason({ state, attempt }: RunRecord, attempts: number): SkipReason | undefined {
  if (state === "done") return "done";
  if (state === "failed" || (state === "lost" && attempt >= attempts)) return "failed";
  return state === "skipped" ? "late" : undefined;
}
