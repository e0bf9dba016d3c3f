import { setTimeout as sleep } from "node:timers/promises";
import {
  type Lock,
  LockAbortedError,
  LockLostError,
  LockTimeoutError,
  QuorumError,
  type Redlock,
} from "quorumlock";
import type { Resources, Write } from "../messages.ts";
import { nowMs } from "../monotonic.ts";
import type { SeededRandom } from "../seeded-random.ts";
import type { Journal } from "./journal.ts";

/** How long the work under a lock of a brisk resource takes at most, in ms. */
const LONGEST_WORK_MS = 30;

/** How long a hand rests between two locks at most, in ms. */
const LONGEST_REST_MS = 5;

/**
 * The share of locks that are held for about a ttl. They take some eighty times as long as the others: with many more of
 * them every hand would soon be waiting for one.
 */
const LINGERING = 0.01;

/** How often a lock that extends itself is looked at, in ms. */
const LOOK_EVERY_MS = 25;

export interface HandContext {
  readonly ttlMs: number;
  readonly random: SeededRandom;
  readonly journal: Journal;
  /** Writes to the fenced store; true when the store took it. */
  readonly store: (write: Write) => Promise<boolean>;
  /** Numbers operations, over all hands of the process. */
  readonly nextOp: () => number;
  readonly onAcquired: () => void;
  /** Called between the check and the work after which it writes. */
  readonly onChecked: (lingers: boolean) => void;
}

/** One lock after the other: acquire, check, write, extend, release, and all of it written down before and after. */
export class Hand {
  readonly #context: HandContext;

  constructor(context: HandContext) {
    this.#context = context;
  }

  /** Works until it is called off, and then ends what it is at. */
  async work(redlock: Redlock, { brisk, long }: Resources, callOff: AbortSignal): Promise<void> {
    const { random, journal } = this.#context;
    while (!callOff.aborted) {
      const lingers = random.chance(LINGERING);
      const resource = lingers ? long : random.pick(brisk);
      const op = this.#context.nextOp();
      const extendsItself = lingers && random.chance(0.6);
      const lock = await this.#acquire(redlock, op, resource, extendsItself, callOff);
      if (lock !== undefined) {
        this.#context.onAcquired();
        lock.signal.addEventListener("abort", () => journal.write({ event: "lost", lock: op }), {
          once: true,
        });
        if (lingers) this.#context.onChecked(true);
        if (!lingers) await this.#useBriefly(lock, op, resource);
        else if (extendsItself) await this.#keep(lock, op, resource, callOff);
        else await this.#holdUntilLost(lock, resource, callOff);
        await this.#release(lock, op);
      }
      await sleep(random.between(0, LONGEST_REST_MS));
    }
  }

  async #acquire(
    redlock: Redlock,
    op: number,
    resource: string,
    autoExtend: boolean,
    callOff: AbortSignal,
  ): Promise<Lock | undefined> {
    const { random, journal, ttlMs } = this.#context;
    const wait = random.pick([0, 2 * ttlMs, 2 * ttlMs, Infinity, Infinity]);
    journal.write({ event: "acquire", op, resource });
    try {
      const lock = await redlock.acquire(resource, { wait, autoExtend, signal: callOff });
      // The time is taken before the lease is asked for: a pause in between makes it look shorter, never longer.
      const at = nowMs();
      const { token, fence } = lock;
      journal.write({ event: "acquired", op, token, fence, heldUntil: at + lock.remaining() }, at);
      return lock;
    } catch (error) {
      if (error instanceof LockTimeoutError) journal.write({ event: "not-acquired", op, why: "refused" });
      else if (error instanceof QuorumError) journal.write({ event: "not-acquired", op, why: "unreachable" });
      else if (error instanceof LockAbortedError)
        journal.write({ event: "not-acquired", op, why: "called-off" });
      else throw error;
      return undefined;
    }
  }

  /** Reads, works, writes: between the check and the last write anything may happen to this process. */
  async #useBriefly(lock: Lock, op: number, resource: string): Promise<void> {
    const { random } = this.#context;
    await this.#write(lock, resource, "begin");
    if (random.chance(0.15)) await this.#extend(lock, op);
    if (!lock.isHeld) return;
    this.#context.onChecked(false);
    await sleep(random.between(0, LONGEST_WORK_MS));
    await this.#write(lock, resource, "end", true);
  }

  /** Holds a lock that extends itself for longer than its ttl. */
  async #keep(lock: Lock, op: number, resource: string, callOff: AbortSignal): Promise<void> {
    const { random, journal, ttlMs } = this.#context;
    const until = nowMs() + random.between(0.2, 1.8) * ttlMs;
    let heldUntil = nowMs() + lock.remaining();
    while (nowMs() < until && lock.isHeld && !callOff.aborted) {
      await this.#write(lock, resource, "keep");
      await sleep(LOOK_EVERY_MS);
      const at = nowMs();
      const end = at + lock.remaining();
      if (!lock.isHeld || end <= heldUntil + 1) continue;
      heldUntil = end;
      journal.write({ event: "renewed", lock: op, heldUntil }, at);
    }
  }

  async #holdUntilLost(lock: Lock, resource: string, callOff: AbortSignal): Promise<void> {
    await this.#write(lock, resource, "begin");
    const either = AbortSignal.any([lock.signal, callOff]);
    if (either.aborted) return;
    await new Promise((resolve) => either.addEventListener("abort", resolve, { once: true }));
  }

  async #write(lock: Lock, resource: string, value: string, checked = lock.isHeld): Promise<void> {
    if (!checked) return;
    const { token, fence } = lock;
    await this.#context.store({ resource, fence, token, value, sentAt: nowMs() });
  }

  async #extend(lock: Lock, of: number): Promise<void> {
    const { journal } = this.#context;
    const op = this.#context.nextOp();
    journal.write({ event: "extend", op, lock: of });
    try {
      await lock.extend();
      const at = nowMs();
      journal.write({ event: "extended", op, lock: of, heldUntil: at + lock.remaining() }, at);
    } catch (error) {
      if (error instanceof LockLostError) journal.write({ event: "not-extended", op, lock: of, why: "lost" });
      else if (error instanceof QuorumError)
        journal.write({ event: "not-extended", op, lock: of, why: "unreachable" });
      else throw error;
    }
  }

  async #release(lock: Lock, of: number): Promise<void> {
    const { journal } = this.#context;
    const op = this.#context.nextOp();
    journal.write({ event: "release", op, lock: of });
    try {
      const how = (await lock.release()) ? "held" : "late";
      journal.write({ event: "released", op, lock: of, how });
    } catch (error) {
      if (!(error instanceof QuorumError)) throw error;
      journal.write({ event: "released", op, lock: of, how: "unconfirmed" });
    }
  }
}
