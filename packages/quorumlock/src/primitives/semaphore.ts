import { Acquirable, type LockingContext } from "../acquiring/acquirable.ts";
import { askQuorum } from "../acquiring/ask-quorum.ts";
import { LockKindError, QuorumError } from "../base/errors.ts";
import { refuseUnknownOptions } from "../base/known-options.ts";
import {
  type AcquireOptions,
  checkName,
  checkOptions,
  formatValue,
  type ResolvedAcquireOptions,
} from "../base/options.ts";
import { withCallerStack } from "../base/caller-stack.ts";
import { HeldLock } from "../holding/lock.ts";
import type { Lock, Lockable, Routine, TryResult } from "../lockable.ts";
import { checkKeyName } from "../operations/keys.ts";
import { MAX_PERMITS } from "../operations/limits.ts";
import { slotsIn } from "../operations/slot-runs.ts";
import { countPermits, readCount, resizePermits, slotsKind, tooManyPermits } from "../operations/slots.ts";
import { permitsOf, type SemaphoreSize, type SlotsTarget } from "../operations/slots-target.ts";
import type { ReplyList } from "../operations/request.ts";

/** The size of a semaphore. */
export interface SemaphoreOptions {
  /**
   * The total number of permits: a whole number from 1 to 10,000. Every process should pass the same number. A number that
   * `resize` has set counts instead.
   */
  readonly permits: number;
}

/** Options of one acquisition of permits. */
export interface PermitOptions extends AcquireOptions {
  /** How many permits to acquire, all or none: a whole number from 1 to the total number. @default 1 */
  readonly permits?: number | undefined;
}

/** Held permits of a semaphore. */
export interface PermitLock extends Lock {
  /**
   * The numbers of the held permits, ascending, from 0 to the total number minus 1. While the lock is held, no other holder has one of
   * them, so a number can name a worker, a port or a licence. `fence` is larger than that of every earlier holder of these numbers.
   */
  readonly slots: readonly number[];
}

/** A number of permits that callers of all processes share. */
export interface Semaphore extends Lockable<PermitLock> {
  /**
   * Waits for permits: as `acquire` of every lock, and with the option `permits`.
   * @throws RangeError if more permits are wanted than the semaphore has. LockKindError if the name is held by a read/write lock or by
   * a lock on a tree. Otherwise as `Lockable.acquire`.
   */
  acquire(options?: PermitOptions): Promise<PermitLock>;
  /** As `Lockable.tryAcquire`, with the option `permits`. */
  tryAcquire(options?: PermitOptions): Promise<PermitLock | null>;
  /** As `Lockable.using`, with the option `permits`. */
  using<T>(routine: Routine<T, PermitLock>): Promise<T>;
  using<T>(options: PermitOptions, routine: Routine<T, PermitLock>): Promise<T>;
  /** As `Lockable.tryUsing`, with the option `permits`. */
  tryUsing<T>(routine: Routine<T, PermitLock>): Promise<TryResult<T>>;
  tryUsing<T>(options: PermitOptions, routine: Routine<T, PermitLock>): Promise<TryResult<T>>;
  /**
   * The number of free permits on a majority of the instances, in one round. It can be out of date when it arrives.
   * @throws QuorumError if too few instances answered. LockKindError as `acquire`. LockClosedError if the client is closed.
   */
  available(): Promise<number>;
  /**
   * Sets the total number of permits, for all processes. Permits above it are not granted any more, and their holders keep them until
   * they release them. Setting the same number again changes nothing. The number is kept for 7 days after the last use, also by
   * instances that lose their memory, and through a change of the instances.
   * @param total a whole number from 1 to 10,000.
   * @throws RangeError, TypeError for a bad number. QuorumError if too few instances answered, without those that do not vote after a
   * restart: then some of them may have the new number, so call it again. LockKindError, LockClosedError as `available`.
   */
  resize(total: number): Promise<void>;
}

const SEMAPHORE_OPTIONS: Readonly<Record<keyof SemaphoreOptions, true>> = { permits: true };
/** A stamp is a time in ms, or a larger number, and a random part that decides between two changes at the same time. */
const STAMP_STEP = 1_000;

class HeldPermits extends HeldLock implements PermitLock {
  get slots(): readonly number[] {
    return slotsIn((this.hold.target as SlotsTarget).slots);
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), slots: this.slots };
  }
}

class QuorumSemaphore extends Acquirable<SlotsTarget, HeldPermits> implements Semaphore {
  readonly #context: LockingContext;
  readonly #name: string;
  readonly #size: SemaphoreSize;

  constructor(context: LockingContext, name: string, size: SemaphoreSize) {
    super(context, slotsKind, permitsOf(name, 1, size, 0), HeldPermits);
    this.#context = context;
    this.#name = name;
    this.#size = size;
  }

  async available(): Promise<number> {
    try {
      const counts = (await this.#ask(countPermits, this.#size)).map(({ free }) => free);
      return counts.toSorted((a, b) => b - a)[counts.length - 1] ?? 0;
    } catch (error) {
      throw withCallerStack(error);
    }
  }

  async resize(total: number): Promise<void> {
    checkPermits("total", total, MAX_PERMITS);
    try {
      const known = await this.#ask(resizePermits, this.#size);
      const newest = Math.max(...known.map(({ stamp }) => stamp));
      const { clock } = this.#context;
      // The time makes it also larger than the stamp of an earlier change that failed and is known to a minority only.
      const next = Math.max(Math.floor(newest / STAMP_STEP) + 1, Math.floor(clock.wall()));
      const stamp = next * STAMP_STEP + Math.floor(clock.random() * STAMP_STEP);
      await this.#ask(resizePermits, { total, stamp });
    } catch (error) {
      throw withCallerStack(error);
    }
  }

  protected override prepare(callOptions: PermitOptions | undefined): {
    readonly target: SlotsTarget;
    readonly options: ResolvedAcquireOptions;
  } {
    if (callOptions !== undefined) checkOptions(callOptions);
    const { permits = 1, ...others } = callOptions ?? {};
    const { options } = super.prepare(others);
    checkPermits("permits", permits, MAX_PERMITS);
    if (permits > this.#size.total) throw tooManyPermits(permits, this.#size.total);
    return { target: permitsOf(this.#name, permits, this.#size, this.#context.nextCaller()), options };
  }

  /** Counts the permits on a quorum, and learns their number. */
  async #ask(
    requestFor: typeof countPermits,
    size: SemaphoreSize,
  ): Promise<readonly ReturnType<typeof readCount>[]> {
    const names = [this.#name];
    const request = requestFor(this.#name, this.#context.quorumContext.prefix, size);
    let replies: readonly ReplyList[];
    try {
      replies = await askQuorum(this.#context, names, request, "its permits are not known");
    } catch (error) {
      const isOtherKind =
        error instanceof QuorumError &&
        error.failures.some(({ error: { message } }) => message.includes("OTHERKIND"));
      throw isOtherKind ? new LockKindError(names) : error;
    }
    const counts = replies.map(readCount);
    this.#learn(counts);
    return counts;
  }

  #learn(counts: readonly SemaphoreSize[]): void {
    for (const { total, stamp } of counts)
      if (stamp > this.#size.stamp) Object.assign(this.#size, { total, stamp });
  }
}

/** @throws TypeError, RangeError for a bad name or a bad number of permits. */
export function semaphore(context: LockingContext, name: string, options: SemaphoreOptions): Semaphore {
  checkKeyName(checkName("name", name));
  if (typeof options !== "object" || options === null)
    throw new TypeError(`options: ${formatValue(options)} must be an object, such as { permits: 10 }`);
  refuseUnknownOptions(options, SEMAPHORE_OPTIONS);
  const { permits } = options;
  checkPermits("permits", permits, MAX_PERMITS);
  return new QuorumSemaphore(context, name, { total: permits, stamp: 0 });
}

function checkPermits(field: string, value: unknown, most: number): asserts value is number {
  if (typeof value !== "number")
    throw new TypeError(`${field}: ${formatValue(value)} must be a whole number from 1 to ${most}`);
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new RangeError(`${field}: ${formatValue(value)} must be a whole number from 1 to ${most}`);
}
