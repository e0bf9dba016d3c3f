import { refuseUnknownOptions } from "./base/known-options.ts";
import { toError } from "./base/to-error.ts";
import { warnOnce } from "./base/warn-once.ts";
import { INSPECT, type Inspect } from "./base/inspect.ts";
import type { LockEventName, LockListener } from "./base/events.ts";
import {
  type AcquireOptions,
  checkSignal,
  formatValue,
  type RedlockOptions,
  resolveOptions,
} from "./base/options.ts";
import { Client } from "./client/client.ts";
import { isJoint, type JointInstances } from "./client/membership.ts";
import type { MembershipChange } from "./client/reconfiguration.ts";
import { MemoryInstance } from "./instances/memory.ts";
import type { InstanceSource } from "./instances/sources.ts";
import type { Lock, Lockable, Routine, TryResult } from "./lockable.ts";
import { fair, type FairLockable, type FairOptions } from "./primitives/fair.ts";
import { type HierarchyLockable, hierarchy } from "./primitives/hierarchy.ts";
import { mutex } from "./primitives/mutex.ts";
import { type ReadWriteLock, readWrite } from "./primitives/read-write.ts";

export interface ReconfigureOptions {
  /** Cancels the change and keeps the old set, if it aborts before `reconfigure` resolves. @default none */
  readonly signal?: AbortSignal | undefined;
}

export interface MemoryOptions extends RedlockOptions {
  /** How many instances: an integer of at least 1. @default 1 */
  readonly instances?: number | undefined;
}

/**
 * The client: servers and defaults in, locks out. A process needs one for each set of servers.
 *
 * ```ts
 * const redlock = new Redlock([redisA, redisB, redisC]);
 * await redlock.using("order:42", async (lock, signal) => { … });
 * ```
 */
export class Redlock implements AsyncDisposable {
  readonly #client: Client;

  /**
   * @param instances independent servers (protocol §1), each in one entry: ioredis or node-redis clients, URLs, or in-memory
   * instances. `close()` closes the connections that were opened from URLs, and leaves open the clients that you pass. For a
   * deploy in the middle of a change of the set: `{ current, next }`, two such lists (docs/guarantees.md).
   * @throws TypeError, RangeError for a bad list or bad options, with the field and the value.
   */
  constructor(instances: readonly InstanceSource[] | JointInstances, options?: RedlockOptions) {
    this.#client = new Client(instances, resolveOptions(options));
    const lists = isJoint(instances) ? [instances.current, instances.next] : [instances];
    for (const { length } of lists) if (length % 2 === 0) warnOfEven(length);
  }

  /**
   * A client on instances inside this process: for unit tests, and for programs with one process.
   * @throws RangeError for a bad number of instances, or as the constructor.
   */
  static memory(options: MemoryOptions = {}): Redlock {
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

  /**
   * The exclusive lock on a name, or on several names, all or nothing.
   * @throws TypeError, RangeError for a bad name.
   */
  mutex(names: string | readonly string[]): Lockable {
    return mutex(this.#client, names);
  }

  /**
   * A lock that many readers or one writer hold (docs/primitives.md): `readWrite(name).read` and `.write`. A writer is the exclusive
   * lock on the name, so `mutex(name)` excludes readers too.
   * @throws TypeError, RangeError for a bad name.
   */
  readWrite(name: string): ReadWriteLock {
    return readWrite(this.#client, name);
  }

  /**
   * The exclusive lock on a node of a tree and on everything below it (docs/primitives.md). Locks on other branches do not wait for
   * it. Its `shared` lock lets others read the same nodes.
   *
   * ```ts
   * await redlock.hierarchy("acme", "orders", "42").using(async () => { … });
   * ```
   * @param path from the root to the node: texts without `/` and braces.
   * @throws TypeError, RangeError for a bad path.
   */
  hierarchy(...path: readonly string[]): HierarchyLockable {
    return hierarchy(this.#client, path);
  }

  /**
   * The exclusive lock on a name whose callers are served in the order in which they came, over all processes (docs/primitives.md). A
   * `priority` lets callers pass others. It is the same lock as `mutex(name)`, but callers of `mutex` do not keep the order.
   *
   * ```ts
   * const report = redlock.fair("report", { priority: 5 });
   * const { ahead, expectedWait } = await report.position();
   * await report.using(async () => { … });
   * ```
   * @throws TypeError, RangeError for a bad name or bad options, with the field and the value.
   */
  fair(name: string, options?: FairOptions): FairLockable {
    return fair(this.#client, name, options);
  }

  /** `mutex(names).acquire(options)`. */
  acquire(names: string | readonly string[], options?: AcquireOptions): Promise<Lock> {
    try {
      return this.mutex(names).acquire(options);
    } catch (error) {
      return Promise.reject(toError(error));
    }
  }

  /** `mutex(names).tryAcquire(options)`. */
  async tryAcquire(names: string | readonly string[], options?: AcquireOptions): Promise<Lock | null> {
    return this.mutex(names).tryAcquire(options);
  }

  /** `mutex(names).using(…)`. */
  using<T>(names: string | readonly string[], routine: Routine<T>): Promise<T>;
  using<T>(names: string | readonly string[], options: AcquireOptions, routine: Routine<T>): Promise<T>;
  async using<T>(
    names: string | readonly string[],
    first: AcquireOptions | Routine<T>,
    second?: Routine<T>,
  ): Promise<T> {
    const lockable = this.mutex(names);
    return typeof first === "function" ? lockable.using(first) : lockable.using(first, second as Routine<T>);
  }

  /** `mutex(names).tryUsing(…)`. */
  tryUsing<T>(names: string | readonly string[], routine: Routine<T>): Promise<TryResult<T>>;
  tryUsing<T>(
    names: string | readonly string[],
    options: AcquireOptions,
    routine: Routine<T>,
  ): Promise<TryResult<T>>;
  async tryUsing<T>(
    names: string | readonly string[],
    first: AcquireOptions | Routine<T>,
    second?: Routine<T>,
  ): Promise<TryResult<T>> {
    const lockable = this.mutex(names);
    return typeof first === "function"
      ? lockable.tryUsing(first)
      : lockable.tryUsing(first, second as Routine<T>);
  }

  /**
   * Changes the set of instances while locks are held (protocol §10). Resolves when every lock of this client needs a
   * majority of the present set *and* of the next one. Locks that extend themselves do so at once. Other locks are extended
   * by their holder, or end. Every other process must call it too, before any process completes the change:
   *
   * ```ts
   * const change = await redlock.reconfigure([redisA, redisB, redisD]);
   * // … when every process has reached this point:
   * await change.complete();
   * ```
   *
   * An entry that is the same client object, or the same URL, as a present one stays that member. Waits for an earlier change
   * that is being completed.
   * @param instances the next set, as in the constructor.
   * @throws TypeError, RangeError for a bad list. ReconfigurationError if another change is under way.
   * DuplicateInstanceError if two of the next set are one server. QuorumError if no majority of the next set can vote.
   * LockClosedError, LockAbortedError. After a rejection everything is as before.
   */
  async reconfigure(
    instances: readonly InstanceSource[],
    options: ReconfigureOptions = {},
  ): Promise<MembershipChange> {
    refuseUnknownOptions(options, { signal: true });
    const change = await this.#client.reconfigure(instances, checkSignal(options.signal));
    if (instances.length % 2 === 0) warnOfEven(instances.length);
    return change;
  }

  /** Calls the listener at every event, until the returned function is called. The events: docs/events.md. */
  on<Name extends LockEventName>(event: Name, listener: LockListener<Name>): () => void {
    return this.#client.events.on(event, listener);
  }

  /**
   * Ends everything: waiting acquisitions are rejected with a `LockClosedError`, held locks are released and their signals
   * abort, and connections that were opened from URLs are closed. A second call does nothing more.
   */
  close(): Promise<void> {
    return this.#client.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [INSPECT](_depth: number, options: object, inspect: Inspect): string {
    const instances = this.#client.members.all.map(({ label }) => label);
    return `Redlock ${inspect({ instances, isClosed: this.#client.isClosed }, options)}`;
  }
}

function warnOfEven(count: number): void {
  warnOnce(
    "QUORUMLOCK_EVEN",
    `instances: ${count} tolerate no more failures than ${count - 1}, and split votes are more frequent; use an odd number`,
  );
}
