import { refuseUnknownOptions } from "./base/known-options.ts";
import { withCallerStack } from "./base/caller-stack.ts";
import { toError } from "./base/to-error.ts";
import { warnOnce } from "./base/warn-once.ts";
import { INSPECT, type Inspect } from "./base/inspect.ts";
import type { LockEventName, LockListener } from "./base/events.ts";
import {
  type AcquireOptions,
  checkOptions,
  checkSignal,
  type MutexRedlockOptions,
  resolveOptions,
} from "./base/options.ts";
import { Client } from "./client/client.ts";
import { CLIENT } from "./client/client-of.ts";
import { isJoint, type JointInstances } from "./client/membership.ts";
import type { MembershipChange } from "./client/reconfiguration.ts";
import type { InstanceSource } from "./instances/sources.ts";
import type { Lock, Lockable, LockDescription, LockState, Routine, TryResult } from "./lockable.ts";
import { attach, type AttachOptions } from "./primitives/attach.ts";
import { mutex } from "./primitives/mutex.ts";

/** Options of `reconfigure`. */
export interface ReconfigureOptions {
  /** Cancels the change and keeps the old set, if it aborts before `reconfigure` resolves. @default none */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A client with the exclusive lock alone. `Redlock` has the other locks as well.
 */
export class MutexRedlock implements AsyncDisposable {
  /** The parts that all locks of this client share. For the methods of subclasses. */
  protected readonly client: Client;

  /**
   * @param instances independent servers (protocol §1), each in one entry: ioredis or node-redis clients, URLs, or in-memory
   * instances. `close()` closes the connections that were opened from URLs, and leaves open the clients that you pass. For a
   * deploy in the middle of a change of the set: `{ current, next }`, two such lists (docs/guarantees.md).
   * @throws TypeError, RangeError for a bad list or bad options, with the field and the value.
   */
  constructor(instances: readonly InstanceSource[] | JointInstances, options?: MutexRedlockOptions) {
    this.client = this.makeClient(instances, options);
    const lists = isJoint(instances) ? [instances.current, instances.next] : [instances];
    for (const { length } of lists) if (length % 2 === 0) warnOfEven(length);
  }

  /** For the parts of the library that observe a client. */
  [CLIENT](): Client {
    return this.client;
  }

  /** Called by the constructor. For subclasses with more options. */
  protected makeClient(
    instances: readonly InstanceSource[] | JointInstances,
    options: MutexRedlockOptions | undefined,
  ): Client {
    return new Client(instances, resolveOptions(options));
  }

  /**
   * The exclusive lock on a name, or on several names, all or nothing.
   * @throws TypeError, RangeError for a bad name.
   */
  mutex(names: string | readonly string[]): Lockable {
    return mutex(this.client, names);
  }

  /** Waits for the lock on a name, or on several names at once. As `acquire` of a `Lockable`, which lists the errors. */
  acquire(names: string | readonly string[], options?: AcquireOptions): Promise<Lock> {
    try {
      return this.mutex(names).acquire(options);
    } catch (error) {
      return Promise.reject(toError(error));
    }
  }

  /** Tries once to acquire the lock. As `tryAcquire` of a `Lockable`. */
  async tryAcquire(names: string | readonly string[], options?: AcquireOptions): Promise<Lock | null> {
    return this.mutex(names).tryAcquire(options);
  }

  /** Acquires the lock, runs the routine, and releases the lock. As `using` of a `Lockable`. */
  using<T>(names: string | readonly string[], routine: Routine<T>): Promise<T>;
  using<T>(names: string | readonly string[], options: AcquireOptions, routine: Routine<T>): Promise<T>;
  async using<T>(
    names: string | readonly string[],
    first: AcquireOptions | Routine<T>,
    second?: Routine<T>,
  ): Promise<T> {
    // The Lockable tells the arguments apart.
    return this.mutex(names).using(first as AcquireOptions, second as Routine<T>);
  }

  /** As `using`, but tries once. As `tryUsing` of a `Lockable`. */
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
    return this.mutex(names).tryUsing(first as AcquireOptions, second as Routine<T>);
  }

  /**
   * Takes up a lock that another process has detached: `const description = await lock.detach()`. The lock keeps its token and its
   * fencing token, and gets a new lease by one round to the instances. This client must have the same instances and prefix.
   *
   * The token gives the right to hold the lock: if several processes attach one description, all of them hold it. Pass it to one
   * process, and attach it once.
   * @param description from `detach()`, also after `JSON.stringify` and `JSON.parse`.
   * @throws LockLostError if a quorum of the instances does not hold the token any more: the lock expired or was released.
   * @throws QuorumError if too few instances answered. The description stays valid until the lock expires.
   * @throws LockClosedError if the client was closed.
   * @throws TypeError, RangeError for a bad description or bad options, with the field and the value.
   */
  async attach(description: LockDescription, options?: AttachOptions): Promise<Lock> {
    try {
      return await attach(this.client, description, options);
    } catch (error) {
      throw withCallerStack(error);
    }
  }

  /** `mutex(names).query()`. */
  async query(names: string | readonly string[]): Promise<LockState> {
    return this.mutex(names).query();
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
    checkOptions(options);
    refuseUnknownOptions(options, { signal: true });
    const change = await this.client.reconfigure(instances, checkSignal(options.signal));
    if (instances.length % 2 === 0) warnOfEven(instances.length);
    return change;
  }

  /** Calls the listener at every event, until the returned function is called. The events: docs/events.md. */
  on<Name extends LockEventName>(event: Name, listener: LockListener<Name>): () => void {
    return this.client.events.on(event, listener);
  }

  /**
   * Ends everything: waiting acquisitions are rejected with a `LockClosedError`, held locks are released and their signals
   * abort, and connections that were opened from URLs are closed. A second call does nothing more.
   */
  close(): Promise<void> {
    return this.client.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [INSPECT](_depth: number, options: object, inspect: Inspect): string {
    const instances = this.client.members.all.map(({ label }) => label);
    return `Redlock ${inspect({ instances, isClosed: this.client.isClosed }, options)}`;
  }
}

function warnOfEven(count: number): void {
  warnOnce(
    "QUORUMLOCK_EVEN",
    `instances: ${count} tolerate no more failures than ${count - 1}, and split votes are more frequent; use an odd number`,
  );
}
