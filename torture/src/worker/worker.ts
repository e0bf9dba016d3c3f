import { setTimeout as sleep } from "node:timers/promises";
import {
  LockAbortedError,
  LockPoolFullError,
  LockTimeoutError,
  QuorumError,
  TenantLimitError,
} from "quorumlock";
import type { Contender, Contest } from "../contest/contender.ts";
import { nowMs } from "../monotonic.ts";
import type { Write } from "../processes/messages.ts";
import type { SeededRandom } from "../seeded-random.ts";
import { HeldLock } from "./held-lock.ts";
import type { Journal } from "./journal.ts";

/** Maximum time between the check and the write in a short hold, in ms. */
const MAX_WORK_MS = 30;

/** Maximum time between two locks, in ms. */
const MAX_IDLE_MS = 5;

/**
 * The share of long holds. A long hold takes about 80 times as long as a short one. With many more of them, every worker
 * would soon wait for the names of the long holds.
 */
const LONG_HOLD_SHARE = 0.01;

/** The share of long holds that extend automatically. The other long holds last until the lock is lost. */
const AUTO_EXTEND_SHARE = 0.6;

/** The share of short holds with an extension. */
const EXTENSION_SHARE = 0.15;

/** The share of holds with a conversion, of the locks that can be converted. */
const CONVERSION_SHARE = 0.25;

/** How often a worker checks for an automatic extension, in ms. */
const LEASE_CHECK_INTERVAL_MS = 25;

export interface WorkerContext {
  readonly ttlMs: number;
  readonly random: SeededRandom;
  readonly journal: Journal;
  /** Writes to the fenced store. Resolves with whether the store accepted the write. */
  readonly writeToStore: (write: Write) => Promise<boolean>;
  /** Returns a number that is unique within the process. */
  readonly nextOperationId: () => number;
  readonly onAcquired: () => void;
  /** Called after the check that the lock is held, before the work and the write. */
  readonly onHolding: (isLongHold: boolean) => void;
}

/**
 * Acquires one lock after the other. With each lock it checks, writes, sometimes extends or converts, and releases. It
 * writes a record before and after each operation. A process runs several workers at the same time.
 */
export class Worker {
  readonly #context: WorkerContext;

  constructor(context: WorkerContext) {
    this.#context = context;
  }

  /** Works until `signal` aborts. Then ends the current operation and releases the lock. */
  async work(contest: Contest, signal: AbortSignal): Promise<void> {
    const { random, onAcquired, onHolding } = this.#context;
    while (!signal.aborted) {
      const isLong = random.chance(LONG_HOLD_SHARE);
      const contender = random.pickByShare(isLong ? contest.long : contest.short);
      const autoExtend = isLong && random.chance(AUTO_EXTEND_SHARE);
      const lock = await this.#acquire(contender, { isLong, autoExtend, signal });
      if (lock !== undefined) {
        onAcquired();
        if (isLong) onHolding(true);
        if (!isLong) await this.#holdShortly(lock);
        else if (autoExtend) await this.#holdWithAutoExtension(lock, signal);
        else await this.#holdUntilLost(lock, signal);
        await lock.release();
      }
      await sleep(random.between(0, MAX_IDLE_MS));
    }
  }

  /** Acquires with no wait, a short wait or an infinite wait. Returns `undefined` for each documented failure. */
  async #acquire(
    contender: Contender,
    options: { readonly isLong: boolean; readonly autoExtend: boolean; readonly signal: AbortSignal },
  ): Promise<HeldLock | undefined> {
    const { random, journal, ttlMs, nextOperationId } = this.#context;
    const { kind, claims } = contender;
    const wait = random.pick([0, 2 * ttlMs, 2 * ttlMs, Infinity, Infinity]);
    const { isLong, autoExtend, signal } = options;
    const operationId = nextOperationId();
    journal.write({ event: "acquire", operationId, kind, isLong, claims });
    try {
      const lock = await contender.acquire({ wait, autoExtend, signal });
      // The time must be read before the lease: then a pause in between shortens the recorded lease, never lengthens it.
      const at = nowMs();
      const { token, fence } = lock;
      const heldUntil = at + lock.remaining();
      const holds = contender.holdsOf?.(lock) ?? claims;
      journal.write({ event: "acquired", operationId, holds, token, fence, heldUntil }, at);
      return new HeldLock(this.#context, contender, lock, operationId, holds);
    } catch (error) {
      journal.write({ event: "not-acquired", operationId, reason: acquireFailure(error) });
      return undefined;
    }
  }

  /** Writes, works and writes again. A fault may hit the process between the check and the second write. */
  async #holdShortly(lock: HeldLock): Promise<void> {
    const { random } = this.#context;
    if (lock.isHeld) await lock.write("begin");
    if (random.chance(EXTENSION_SHARE)) await lock.extend();
    if (lock.canConvert && random.chance(CONVERSION_SHARE)) {
      await lock.convert();
      if (lock.isHeld) await lock.write("converted");
      if (random.chance(CONVERSION_SHARE)) await lock.convert();
    }
    if (!lock.isHeld) return;
    this.#context.onHolding(false);
    await sleep(random.between(0, MAX_WORK_MS));
    // No check here on purpose: the store must reject this write if the lock is lost.
    await lock.write("end");
  }

  /** Holds the lock for 0.2 to 1.8 ttl. Writes repeatedly, and records the automatic extensions. */
  async #holdWithAutoExtension(lock: HeldLock, signal: AbortSignal): Promise<void> {
    const { random, ttlMs } = this.#context;
    const endsAt = nowMs() + random.between(0.2, 1.8) * ttlMs;
    const convertsAt = random.chance(CONVERSION_SHARE) ? random.between(nowMs(), endsAt) : Infinity;
    let isConverted = false;
    let heldUntil = lock.heldUntil(nowMs());
    while (nowMs() < endsAt && lock.isHeld && !signal.aborted) {
      await lock.write("keep");
      if (!isConverted && nowMs() >= convertsAt) {
        isConverted = true;
        await lock.convert();
        heldUntil = lock.heldUntil(nowMs());
      }
      await sleep(LEASE_CHECK_INTERVAL_MS);
      const at = nowMs();
      const newHeldUntil = lock.heldUntil(at);
      if (!lock.isHeld || newHeldUntil <= heldUntil + 1) continue;
      heldUntil = newHeldUntil;
      lock.recordAutoExtension(heldUntil, at);
    }
  }

  async #holdUntilLost(lock: HeldLock, signal: AbortSignal): Promise<void> {
    if (lock.isHeld) await lock.write("begin");
    const lostOrAborted = AbortSignal.any([lock.signal, signal]);
    if (lostOrAborted.aborted) return;
    await new Promise((resolve) => lostOrAborted.addEventListener("abort", resolve, { once: true }));
  }
}

/** Names the documented reason of a failed `acquire()`. Throws any other error again. */
function acquireFailure(error: unknown): "timed-out" | "no-quorum" | "aborted" {
  if (error instanceof LockTimeoutError) return "timed-out";
  // The pool, or the limit of the tenant, had no place for the lock until the wait was over.
  if (error instanceof LockPoolFullError || error instanceof TenantLimitError) return "timed-out";
  if (error instanceof QuorumError) return "no-quorum";
  if (error instanceof LockAbortedError) return "aborted";
  throw error;
}
