import { Acquirable, type LockingContext } from "../acquiring/acquirable.ts";
import type { Scope } from "../acquiring/scope.ts";
import { refuseUnknownOptions } from "../base/known-options.ts";
import { checkName, checkNames } from "../base/names.ts";
import { checkOptions } from "../base/options.ts";
import type { LockSource } from "../compositions/lock-source.ts";
import { type LockPool, pool, type PoolOptions } from "../compositions/pool.ts";
import { sharded, type ShardedLock, type ShardedOptions } from "../compositions/sharded.ts";
import type { Lockable } from "../lockable.ts";
import { checkKeyName } from "../operations/keys.ts";
import { modesKind, type ModesTarget } from "../operations/modes.ts";
import { underQuota } from "../operations/quota.ts";
import { permitsOf } from "../operations/slots-target.ts";
import { fair, type FairLockable, type FairOptions } from "./fair.ts";
import { hierarchy, type HierarchyLockable } from "./hierarchy.ts";
import { modes, type NameInMode } from "./modes.ts";
import { readWrite, type ReadWriteLock } from "./read-write.ts";
import { checkPermits, type Semaphore, semaphore, type SemaphoreOptions, SharedSize } from "./semaphore.ts";
import { checkTenantId, prefixOfTenant, quotaOfTenant } from "./tenant-names.ts";

/** Options of a tenant. */
export interface TenantOptions {
  /**
   * How many locks the tenant may hold at a time, of all kinds and in all processes: a whole number from 1 to 10,000. Every process
   * should pass the same number. A number that `setMaxLocks` has set counts instead.
   */
  readonly maxLocks: number;
}

/** The locks of one tenant at one moment. */
export interface TenantUsage {
  /** How many locks the tenant may hold. */
  readonly maxLocks: number;
  /** How many it holds, on a majority of the instances. */
  readonly held: number;
}

/**
 * Locks of one tenant. Their names are apart from those of all other tenants, and each held lock counts towards `maxLocks`. The lock
 * and its place under the limit are acquired, extended and released together, so nothing leaks. An acquisition that the limit keeps
 * out waits; when its `wait` is over, it throws a `TenantLimitError`, and `tryAcquire` throws it at once.
 */
export interface Tenant extends LockSource {
  /** The id. */
  readonly id: string;
  /**
   * The exclusive lock on a name of this tenant, or on several names, all or nothing. It counts as one lock.
   * @throws TypeError, RangeError for a bad name.
   */
  mutex(names: string | readonly string[]): Lockable;
  /** As `redlock.readWrite`. Each reader counts as one lock. @throws TypeError, RangeError for a bad name. */
  readWrite(name: string): ReadWriteLock;
  /** As `redlock.hierarchy`. @throws TypeError, RangeError for a bad path. */
  hierarchy(...path: readonly string[]): HierarchyLockable;
  /** As `redlock.modes`. The list counts as one lock. @throws TypeError, RangeError for a bad list. */
  modes(parts: readonly NameInMode[]): Lockable;
  /** As `redlock.fair`. @throws TypeError, RangeError for a bad name or bad options. */
  fair(name: string, options?: FairOptions): FairLockable;
  /** As `redlock.semaphore`. Each acquisition counts as one lock, however many permits it has. @throws TypeError, RangeError. */
  semaphore(name: string, options: SemaphoreOptions): Semaphore;
  /** As `redlock.sharded`. @throws TypeError, RangeError for a bad name or bad options. */
  sharded(name: string, options: ShardedOptions): ShardedLock;
  /** As `redlock.pool`. @throws TypeError, RangeError for bad options. */
  pool(options: PoolOptions): LockPool;
  /**
   * Sets the limit for all processes. Locks above a smaller limit are kept until they are released. Until then the tenant can hold more
   * than the new limit, but not more than the old one. Setting the same number again changes nothing. The number is kept for 7 days
   * after the last use.
   * @param maxLocks a whole number from 1 to 10,000.
   * @throws TypeError, RangeError for a bad number. QuorumError if too few instances answered: then some of them may have the new number,
   * so call it again. LockClosedError if the client is closed.
   */
  setMaxLocks(maxLocks: number): Promise<void>;
  /**
   * Counts the held locks, in one round. The count can be out of date when it arrives.
   * @throws QuorumError if too few instances answered. LockClosedError if the client is closed.
   */
  usage(): Promise<TenantUsage>;
}

/** @throws TypeError, RangeError for a bad id or bad options. */
export function tenant(context: LockingContext, id: string, options: TenantOptions): Tenant {
  checkTenantId("id", id);
  checkOptions(options);
  refuseUnknownOptions(options, { maxLocks: true });
  checkPermits("maxLocks", options.maxLocks);
  return new QuotaTenant(context, id, options.maxLocks);
}

class QuotaTenant implements Tenant {
  readonly id: string;
  readonly #context: LockingContext;
  readonly #scope: Scope;
  readonly #quota: SharedSize;

  constructor(context: LockingContext, id: string, maxLocks: number) {
    this.id = id;
    this.#context = context;
    const name = quotaOfTenant(id);
    const quota = new SharedSize(context, name, { total: maxLocks, stamp: 0 });
    this.#quota = quota;
    this.#scope = ({ kind, target }) => ({
      kind: underQuota(kind),
      target: { tenant: id, quota: permitsOf(name, 1, quota.size, context.nextCaller()), lock: target },
    });
  }

  mutex(names: string | readonly string[]): Lockable {
    const sorted = checkNames(typeof names === "string" ? this.#nameOf(names) : this.#namesOf(names));
    const target: ModesTarget = {
      names: sorted,
      modes: sorted.map(() => "X" as const),
      ticket: 0,
      leadMs: 0,
    };
    return new Acquirable(this.#context, modesKind, target, { scope: this.#scope });
  }

  readWrite(name: string): ReadWriteLock {
    return readWrite(this.#context, this.#nameOf(name), this.#scope);
  }

  hierarchy(...path: readonly string[]): HierarchyLockable {
    return hierarchy(this.#context, path, { prefix: this.#prefix, scope: this.#scope });
  }

  modes(parts: readonly NameInMode[]): Lockable {
    return modes(this.#context, parts, { prefix: this.#prefix, scope: this.#scope });
  }

  fair(name: string, options?: FairOptions): FairLockable {
    return fair(this.#context, this.#nameOf(name), options, this.#scope);
  }

  semaphore(name: string, options: SemaphoreOptions): Semaphore {
    return semaphore(this.#context, this.#nameOf(name), options, this.#scope);
  }

  sharded(name: string, options: ShardedOptions): ShardedLock {
    return sharded(this, name, options);
  }

  pool(options: PoolOptions): LockPool {
    return pool(this, options);
  }

  async setMaxLocks(maxLocks: number): Promise<void> {
    checkPermits("maxLocks", maxLocks);
    await this.#quota.resize(maxLocks);
  }

  async usage(): Promise<TenantUsage> {
    const { held } = await this.#quota.count();
    return { maxLocks: this.#quota.size.total, held };
  }

  get #prefix(): string {
    return prefixOfTenant(this.id);
  }

  #nameOf(name: string): string {
    checkKeyName(checkName("name", name));
    return this.#prefix + name;
  }

  #namesOf(names: readonly string[]): readonly string[] {
    return checkNames(names).map((name) => this.#nameOf(name));
  }
}
