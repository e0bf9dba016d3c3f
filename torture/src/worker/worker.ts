import { setTimeout as sleep } from "node:timers/promises";
import {
  type Lock,
  LockAbortedError,
  LockLostError,
  LockTimeoutError,
  QuorumError,
  type Redlock,
} from "quorumlock";
import { nowMs } from "../monotonic.ts";
import type { Resources, Write } from "../processes/messages.ts";
import type { SeededRandom } from "../seeded-random.ts";
import type { Journal } from "./journal.ts";

/** Maximum time between the check and the write in a short hold, in ms. */
const MAX_WORK_MS = 30;

/** Maximum time between two locks, in ms. */
const MAX_IDLE_MS = 5;

/**
 * The share of long holds. A long hold takes about 80 times as long as a short one. With many more of them, every worker
 * would soon wait for the resource of the long holds.
 */
const LONG_HOLD_SHARE = 0.01;

/** The share of long holds that extend automatically. The other long holds last until the lock is lost. */
const AUTO_EXTEND_SHARE = 0.6;

/** The share of short holds with an extension. */
const EXTENSION_SHARE = 0.15;

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
 * Acquires one lock after the other. With each lock it checks, writes, sometimes extends, and releases. It writes a
 * record before and after each operation. A process runs several workers at the same time.
 */
export class Worker {
  readonly #context: WorkerContext;

  constructor(context: WorkerContext) {
    this.#context = context;
  }

  /** Works until `signal` aborts. Then ends the current operation and releases the lock. */
  async work(redlock: Redlock, resources: Resources, signal: AbortSignal): Promise<void> {
    const { random, journal } = this.#context;
    while (!signal.aborted) {
      const isLongHold = random.chance(LONG_HOLD_SHARE);
      const resource = isLongHold ? resources.long : random.pick(resources.short);
      const lockId = this.#context.nextOperationId();
      const autoExtend = isLongHold && random.chance(AUTO_EXTEND_SHARE);
      const lock = await this.#acquire(redlock, lockId, resource, autoExtend, signal);
      if (lock !== undefined) {
        this.#context.onAcquired();
        lock.signal.addEventListener("abort", () => journal.write({ event: "lost", lockId }), {
          once: true,
        });
        if (isLongHold) this.#context.onHolding(true);
        if (!isLongHold) await this.#holdShortly(lock, lockId, resource);
        else if (autoExtend) await this.#holdWithAutoExtension(lock, lockId, resource, signal);
        else await this.#holdUntilLost(lock, resource, signal);
        await this.#release(lock, lockId);
      }
      await sleep(random.between(0, MAX_IDLE_MS));
    }
  }

  /** Acquires with no wait, a short wait or an infinite wait. Returns `undefined` for each documented failure. */
  async #acquire(
    redlock: Redlock,
    operationId: number,
    resource: string,
    autoExtend: boolean,
    signal: AbortSignal,
  ): Promise<Lock | undefined> {
    const { random, journal, ttlMs } = this.#context;
    const wait = random.pick([0, 2 * ttlMs, 2 * ttlMs, Infinity, Infinity]);
    journal.write({ event: "acquire", operationId, resource });
    try {
      const lock = await redlock.acquire(resource, { wait, autoExtend, signal });
      // The time must be read before the lease: then a pause in between shortens the recorded lease, never lengthens it.
      const at = nowMs();
      const { token, fence } = lock;
      const heldUntil = at + lock.remaining();
      journal.write({ event: "acquired", operationId, token, fence, heldUntil }, at);
      return lock;
    } catch (error) {
      journal.write({ event: "not-acquired", operationId, reason: acquireFailure(error) });
      return undefined;
    }
  }

  /** Writes, works and writes again. A fault may hit the process between the check and the second write. */
  async #holdShortly(lock: Lock, lockId: number, resource: string): Promise<void> {
    const { random } = this.#context;
    if (lock.isHeld) await this.#write(lock, resource, "begin");
    if (random.chance(EXTENSION_SHARE)) await this.#extend(lock, lockId);
    if (!lock.isHeld) return;
    this.#context.onHolding(false);
    await sleep(random.between(0, MAX_WORK_MS));
    // No check here on purpose: the store must reject this write if the lock is lost.
    await this.#write(lock, resource, "end");
  }

  /** Holds the lock for 0.2 to 1.8 ttl. Writes repeatedly, and records the automatic extensions. */
  async #holdWithAutoExtension(
    lock: Lock,
    lockId: number,
    resource: string,
    signal: AbortSignal,
  ): Promise<void> {
    const { random, journal, ttlMs } = this.#context;
    const endsAt = nowMs() + random.between(0.2, 1.8) * ttlMs;
    let heldUntil = nowMs() + lock.remaining();
    while (nowMs() < endsAt && lock.isHeld && !signal.aborted) {
      await this.#write(lock, resource, "keep");
      await sleep(LEASE_CHECK_INTERVAL_MS);
      const at = nowMs();
      const newHeldUntil = at + lock.remaining();
      if (!lock.isHeld || newHeldUntil <= heldUntil + 1) continue;
      heldUntil = newHeldUntil;
      journal.write({ event: "auto-extended", lockId, heldUntil }, at);
    }
  }

  async #holdUntilLost(lock: Lock, resource: string, signal: AbortSignal): Promise<void> {
    if (lock.isHeld) await this.#write(lock, resource, "begin");
    const lostOrAborted = AbortSignal.any([lock.signal, signal]);
    if (lostOrAborted.aborted) return;
    await new Promise((resolve) => lostOrAborted.addEventListener("abort", resolve, { once: true }));
  }

  async #write(lock: Lock, resource: string, value: string): Promise<void> {
    const { token, fence } = lock;
    await this.#context.writeToStore({ resource, fence, token, value, sentAt: nowMs() });
  }

  async #extend(lock: Lock, lockId: number): Promise<void> {
    const { journal } = this.#context;
    const operationId = this.#context.nextOperationId();
    journal.write({ event: "extend", operationId, lockId });
    try {
      await lock.extend();
      const at = nowMs();
      journal.write({ event: "extended", operationId, lockId, heldUntil: at + lock.remaining() }, at);
    } catch (error) {
      journal.write({ event: "not-extended", operationId, lockId, reason: extendFailure(error) });
    }
  }

  async #release(lock: Lock, lockId: number): Promise<void> {
    const { journal } = this.#context;
    const operationId = this.#context.nextOperationId();
    journal.write({ event: "release", operationId, lockId });
    try {
      const outcome = (await lock.release()) ? "released" : "not-held";
      journal.write({ event: "released", operationId, lockId, outcome });
    } catch (error) {
      if (!(error instanceof QuorumError)) throw error;
      journal.write({ event: "released", operationId, lockId, outcome: "no-quorum" });
    }
  }
}

/** Names the documented reason of a failed `acquire()`. Throws any other error again. */
function acquireFailure(error: unknown): "timed-out" | "no-quorum" | "aborted" {
  if (error instanceof LockTimeoutError) return "timed-out";
  if (error instanceof QuorumError) return "no-quorum";
  if (error instanceof LockAbortedError) return "aborted";
  throw error;
}

/** Names the documented reason of a failed `extend()`. Throws any other error again. */
function extendFailure(error: unknown): "lost" | "no-quorum" {
  if (error instanceof LockLostError) return "lost";
  if (error instanceof QuorumError) return "no-quorum";
  throw error;
}
