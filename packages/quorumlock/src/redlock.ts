import { untilFree, type UntilFreeOptions } from "./acquiring/until-free.ts";
import { checkOptions, resolveOptions } from "./base/options.ts";
import { formatValue } from "./base/check-value.ts";
import { Client } from "./client/client.ts";
import type { Health } from "./client/health.ts";
import { HealthMonitor } from "./client/health-monitor.ts";
import { type RedlockOptions, resolveHealthOptions } from "./client/health-options.ts";
import type { JointInstances } from "./client/membership.ts";
import { type LockPool, pool, type PoolOptions } from "./compositions/pool.ts";
import { sharded, type ShardedLock, type ShardedOptions } from "./compositions/sharded.ts";
import { MemoryInstance } from "./instances/memory.ts";
import { withCallerStack } from "./base/caller-stack.ts";
import type { InstanceSource } from "./instances/sources.ts";
import type { Lock, Lockable, LockDescription } from "./lockable.ts";
import { MutexRedlock } from "./mutex-redlock.ts";
import { attach, type AttachOptions } from "./primitives/attach.ts";
import { ALL_KINDS, type AttachedLock } from "./primitives/attachable-kinds.ts";
import { fair, type FairLockable, type FairOptions } from "./primitives/fair.ts";
import { type HierarchyLockable, hierarchy } from "./primitives/hierarchy.ts";
import { modes, type NameInMode } from "./primitives/modes.ts";
import { type ReadWriteLock, readWrite } from "./primitives/read-write.ts";
import { type Semaphore, semaphore, type SemaphoreOptions } from "./primitives/semaphore.ts";
import { type Tenant, tenant, type TenantOptions } from "./primitives/tenant.ts";
import { carryRecords } from "./quorum/carry-records.ts";

/** Options of `Redlock.memory`: the number of instances, and everything that a client accepts. */
export interface MemoryOptions extends RedlockOptions {
  /** How many instances: a whole number from 1 to 31. @default 1 */
  readonly instances?: number | undefined;
}

/**
 * The client: servers and defaults in, locks out. A process needs one for each set of servers.
 *
 * ```ts
 * const redlock = new Redlock([redisA, redisB, redisC]);
 * const total = await redlock.using("order:42", async (lock, signal) => work(lock, signal));
 * ```
 */
export class Redlock extends MutexRedlock {
  /**
   * @param instances as for `MutexRedlock`: independent servers (protocol §1), each in one entry: ioredis or node-redis clients, URLs,
   * or in-memory instances. For a deploy in the middle of a change of the set: `{ current, next }` (docs/guarantees.md).
   * @throws TypeError, RangeError for a bad list or bad options, with the field and the value.
   */
  // oxlint-disable-next-line no-useless-constructor -- It accepts more options than that of the superclass.
  constructor(instances: readonly InstanceSource[] | JointInstances, options?: RedlockOptions) {
    super(instances, options);
  }

  /**
   * A client on instances inside this process: for unit tests, and for programs with one process.
   * @throws RangeError for a bad number of instances, or as the constructor.
   */
  static memory(options: MemoryOptions = {}): Redlock {
    checkOptions(options);
    const { instances = 1, ...rest } = options;
    if (!Number.isInteger(instances) || instances < 1)
      throw new RangeError(`instances: ${formatValue(instances)} must be a whole number of at least 1`);
    const clock = rest.clock === undefined ? {} : { clock: rest.clock };
    const list = Array.from(
      { length: instances },
      (_, index) => new MemoryInstance({ label: `memory-${index + 1}`, ...clock }),
    );
    return new Redlock(list, rest);
  }

  protected override makeClient(
    instances: readonly InstanceSource[] | JointInstances,
    options: RedlockOptions | undefined,
  ): Client {
    const resolved = resolveOptions(options, { health: true });
    const health = options?.health === undefined ? undefined : resolveHealthOptions(options.health);
    const client = new Client(instances, resolved, new HealthMonitor(health));
    client.carryRecords = (from, to) => carryRecords(from, to, client);
    return client;
  }

  /**
   * What each instance is doing now, and whether a lock could be granted (docs/health.md). One request to each instance, with the time
   * limit of a request: an instance that is down or hangs is reported, and does not delay the others.
   *
   * ```ts
   * const { canLock, voting, configured, instances } = await redlock.health();
   * ```
   * @throws LockClosedError if the client is closed.
   */
  health(): Promise<Health> {
    return this.client.monitor!.read();
  }

  /**
   * A lock that many readers or one writer hold (docs/primitives.md): `readWrite(name).read` and `.write`. A writer is the exclusive
   * lock on the name, so `mutex(name)` excludes readers too.
   * @throws TypeError, RangeError for a bad name.
   */
  readWrite(name: string): ReadWriteLock {
    return readWrite(this.client, name);
  }

  /**
   * Several names, each in its own mode, all or nothing (docs/primitives.md). S excludes X and IX, X excludes every mode.
   *
   * ```ts
   * await redlock.modes([{ name: "from", mode: "X" }, { name: "rates", mode: "S" }]).using(work);
   * ```
   * @param parts at most 1,000. If a name is there as X and as S, X wins.
   * @throws TypeError, RangeError for a bad name or mode, or a name in two other modes.
   */
  modes(parts: readonly NameInMode[]): Lockable {
    return modes(this.client, parts);
  }

  /**
   * The exclusive lock on a node of a tree and on everything below it (docs/primitives.md). Locks on other branches do not wait for
   * it. Its `shared` lock lets others read the same nodes.
   *
   * ```ts
   * await redlock.hierarchy("acme", "orders", "42").using(work);
   * ```
   * @param path from the root to the node: texts without `/` and braces.
   * @throws TypeError, RangeError for a bad path.
   */
  hierarchy(...path: readonly string[]): HierarchyLockable {
    return hierarchy(this.client, path);
  }

  /**
   * The exclusive lock on a name whose callers are served in the order in which they came, over all processes (docs/primitives.md). A
   * `priority` lets callers pass others. It is the same lock as `mutex(name)`, but callers of `mutex` do not keep the order.
   *
   * ```ts
   * const report = redlock.fair("report", { priority: 5 });
   * const { ahead, expectedWait } = await report.position();
   * await report.using(async () => console.log(`${ahead} were ahead, expected ${expectedWait} ms`));
   * ```
   * @throws TypeError, RangeError for a bad name or bad options, with the field and the value.
   */
  fair(name: string, options?: FairOptions): FairLockable {
    return fair(this.client, name, options);
  }

  /**
   * A number of permits that callers of all processes share (docs/primitives.md). The permits of a process that dies are free again at
   * the end of their ttl. `mutex(name)` excludes all permits.
   *
   * ```ts
   * const slots = redlock.semaphore("exports", { permits: 10 });
   * await slots.using(async (lock) => console.log(lock.slots));
   * ```
   * @throws TypeError, RangeError for a bad name or a bad number of permits.
   */
  semaphore(name: string, options: SemaphoreOptions): Semaphore {
    return semaphore(this.client, name, options);
  }

  /**
   * The locks of one tenant: names of their own, and a limit for how many the tenant holds at a time, over all processes
   * (docs/primitives.md).
   *
   * ```ts
   * const acme = redlock.tenant("acme", { maxLocks: 20 });
   * await acme.mutex("invoice:42").using(work);
   * ```
   * @throws TypeError, RangeError for a bad id or bad options, with the field and the value.
   */
  tenant(id: string, options: TenantOptions): Tenant {
    return tenant(this.client, id, options);
  }

  /**
   * Takes up a lock of any kind that another process has detached. As `MutexRedlock.attach`, which lists the errors. A lock of a tenant
   * keeps its place under the limit, and permits keep their slots.
   *
   * ```ts
   * const permits = await redlock.semaphore("exports", { permits: 3 }).acquire();
   * const attached = await redlock.attach(await permits.detach()); // usually in another process
   * console.log(attached.slots);
   * await attached.release();
   * ```
   * @param description from `detach()`, also after `JSON.stringify` and `JSON.parse`.
   */
  override async attach<D extends LockDescription>(
    description: D,
    options?: AttachOptions,
  ): Promise<AttachedLock<D>> {
    try {
      return (await attach(this.client, description, options, ALL_KINDS)) as Lock as AttachedLock<D>;
    } catch (error) {
      throw withCallerStack(error);
    }
  }

  /**
   * Waits until the holder of a name has released it, or its lease is over, without a claim of its own: it takes no place in line, so
   * any number of observers do not slow down the callers that want the lock. It is for callers that want the result of the holder's
   * work, and not the lock. It costs one round, and a subscription while the name is held.
   *
   * Resolves to the token of the holder that it waited for, or to `undefined` if the name was free and no `holder` was given. Another caller may hold the name by
   * then: for certainty, acquire it.
   *
   * ```ts
   * const holder = await redlock.untilFree("report:today", { wait: 60_000 });
   * console.log(holder === undefined ? "nobody was at work" : `${holder} has ended`);
   * ```
   * @param name of a lock.
   * @throws LockTimeoutError if the holder kept the lock until `wait` was over.
   * @throws QuorumError if too few instances answered until `wait` was over. At once if a majority refuses this client for good.
   * @throws LockAbortedError if `signal` was aborted. LockClosedError if the client is closed.
   * @throws TypeError, RangeError for a bad name or bad options, with the field and the value.
   */
  async untilFree(name: string, options?: UntilFreeOptions): Promise<string | undefined> {
    try {
      return await untilFree(this.client, name, options);
    } catch (error) {
      throw withCallerStack(error);
    }
  }

  /**
   * Exclusive locks for any number of keys, with a fixed number of names (docs/compositions.md). `sharded(redlock, name, options)`.
   * @throws TypeError, RangeError for a bad name or bad options, with the field and the value.
   */
  sharded(name: string, options: ShardedOptions): ShardedLock {
    return sharded(this, name, options);
  }

  /**
   * A limit for the number of locks that this process holds (docs/compositions.md). `pool(redlock, options)`.
   * @throws TypeError, RangeError for bad options, with the field and the value.
   */
  pool(options: PoolOptions): LockPool {
    return pool(this, options);
  }
}
