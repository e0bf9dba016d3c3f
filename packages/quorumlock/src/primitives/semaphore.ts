import { Acquirable, type LockingContext } from "../acquiring/acquirable.ts";
import { askQuorum } from "../acquiring/ask-quorum.ts";
import type { Scope } from "../acquiring/scope.ts";
import { refuseUnknownOptions } from "../base/known-options.ts";
import { type AcquireOptions, checkOptions, type ResolvedAcquireOptions } from "../base/options.ts";
import { checkName } from "../base/names.ts";
import { formatValue } from "../base/check-value.ts";
import { withCallerStack } from "../base/caller-stack.ts";
import { HeldLock } from "../holding/lock.ts";
import type { DescriptionOf, Lock, Lockable, LockState, Routine, TryResult } from "../lockable.ts";
import { checkKeyName } from "../operations/keys.ts";
import { MAX_PERMITS } from "../operations/limits.ts";
import { slotsIn } from "../operations/slot-runs.ts";
import { countPermits, readCount, resizePermits, slotsKind } from "../operations/slots.ts";
import { permitsOf, type SemaphoreSize, type SlotsTarget } from "../operations/slots-target.ts";
import type { ReplyList } from "../operations/request.ts";
import { learnSize, orKindError, queryPermits } from "./query-permits.ts";

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
  /** As `Lock.detach`. `redlock.attach` makes a `PermitLock` with the same slots of the description. */
  detach(): Promise<DescriptionOf<"semaphore">>;
}

/** The state of a semaphore, at the moment of a query. `isHeld`: whether a permit is held, or a plain lock on the name. */
export interface SemaphoreState extends LockState {
  /** The total number of permits, by the latest change that an instance or this client knows. */
  readonly permits: number;
  /** How many permits are free on a majority of the instances. Permits of `partial` tokens are not free where they are. */
  readonly free: number;
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
   * Reads who holds permits and which, how many are free, and how many callers wait. It changes nothing, and costs one request to each
   * instance. A plain lock on the name is a holder without `slots`, and no permit is free beside it.
   * @throws LockKindError as `acquire`. Otherwise as `Lockable.query`.
   */
  query(): Promise<SemaphoreState>;
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

/** The permits of one acquisition. */
export class HeldPermits extends HeldLock implements PermitLock {
  get slots(): readonly number[] {
    return slotsIn(this.hold.kind.slots!(this.hold.target));
  }

  override detach(): Promise<DescriptionOf<"semaphore">> {
    return super.detach() as Promise<DescriptionOf<"semaphore">>;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), slots: this.slots };
  }
}

/** The number of permits of one semaphore, which all processes share. */
export class SharedSize {
  readonly #context: LockingContext;
  readonly #name: string;
  /** As far as this client knows. Replies change it. */
  readonly size: SemaphoreSize;

  constructor(context: LockingContext, name: string, size: SemaphoreSize) {
    this.#context = context;
    this.#name = name;
    this.size = size;
  }

  /** The numbers of free and of held permits on a majority. Also permits above the total number are held. */
  async count(): Promise<{ readonly free: number; readonly held: number }> {
    try {
      const counts = await this.#ask(countPermits, this.size);
      return {
        free: Math.min(...counts.map(({ free }) => free)),
        held: Math.min(...counts.map(({ held }) => held)),
      };
    } catch (error) {
      throw withCallerStack(error);
    }
  }

  async resize(total: number): Promise<void> {
    try {
      const known = await this.#ask(resizePermits, this.size);
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

  /** Counts the permits on a quorum, and learns their number. */
  async #ask(
    requestFor: typeof countPermits,
    size: SemaphoreSize,
  ): Promise<readonly ReturnType<typeof readCount>[]> {
    const names = [this.#name];
    const request = requestFor(this.#name, this.#context.quorumContext.prefix, size);
    const replies: readonly ReplyList[] = await orKindError(
      names,
      askQuorum(this.#context, names, request, "its permits are not known"),
    );
    const counts = replies.map(readCount);
    learnSize(this.size, counts);
    return counts;
  }
}

class QuorumSemaphore extends Acquirable<SlotsTarget, HeldPermits> implements Semaphore {
  readonly #context: LockingContext;
  readonly #name: string;
  readonly #size: SharedSize;

  constructor(context: LockingContext, name: string, permits: number, scope: Scope | undefined) {
    const size = new SharedSize(context, name, { total: permits, stamp: 0 });
    super(context, slotsKind, permitsOf(name, 1, size.size, 0), { lockClass: HeldPermits, scope });
    this.#context = context;
    this.#name = name;
    this.#size = size;
  }

  override async query(): Promise<SemaphoreState> {
    try {
      return await queryPermits(this.#context, permitsOf(this.#name, 1, this.#size.size, 0));
    } catch (error) {
      throw withCallerStack(error);
    }
  }

  async available(): Promise<number> {
    return (await this.#size.count()).free;
  }

  async resize(total: number): Promise<void> {
    checkPermits("total", total);
    await this.#size.resize(total);
  }

  protected override prepare(callOptions: PermitOptions | undefined): {
    readonly target: SlotsTarget;
    readonly options: ResolvedAcquireOptions;
  } {
    if (callOptions !== undefined) checkOptions(callOptions);
    const { permits = 1, ...others } = callOptions ?? {};
    const { options } = super.prepare(others);
    checkPermits("permits", permits);
    // Only the instances know whether there are so many: another process may have changed their number.
    return { target: permitsOf(this.#name, permits, this.#size.size, this.#context.nextCaller()), options };
  }
}

/** @throws TypeError, RangeError for a bad name or a bad number of permits. */
export function semaphore(
  context: LockingContext,
  name: string,
  options: SemaphoreOptions,
  scope?: Scope,
): Semaphore {
  checkKeyName(checkName("name", name));
  if (typeof options !== "object" || options === null)
    throw new TypeError(`options: ${formatValue(options)} must be an object, such as { permits: 10 }`);
  refuseUnknownOptions(options, SEMAPHORE_OPTIONS);
  const { permits } = options;
  checkPermits("permits", permits);
  return new QuorumSemaphore(context, name, permits, scope);
}

/** @throws TypeError, RangeError for a bad number of permits. */
export function checkPermits(field: string, value: unknown): asserts value is number {
  const expected = `must be a whole number from 1 to ${MAX_PERMITS}`;
  if (typeof value !== "number") throw new TypeError(`${field}: ${formatValue(value)} ${expected}`);
  if (!Number.isInteger(value) || value < 1 || value > MAX_PERMITS)
    throw new RangeError(`${field}: ${formatValue(value)} ${expected}`);
}
