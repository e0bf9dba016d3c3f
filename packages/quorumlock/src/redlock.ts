import { Client } from "./client/client.ts";
import { asError } from "./base/errors.ts";
import type { LockEventName, LockListener } from "./base/events.ts";
import type { InstanceSource } from "./instances/sources.ts";
import { MemoryInstance } from "./instances/memory.ts";
import type { Lock, Lockable, Routine } from "./lockable.ts";
import {
  type AcquireOptions,
  checkSignal,
  type RedlockOptions,
  resolveOptions,
  show,
} from "./base/options.ts";
import { mutex } from "./primitives/mutex.ts";
import { isJoint, type JointInstances } from "./client/membership.ts";
import type { MembershipChange } from "./client/reconfiguration.ts";

export interface ReconfigureOptions {
  /** Cancels the change and keeps the old set, if it aborts before `reconfigure` resolves. @default none */
  readonly signal?: AbortSignal | undefined;
}

export interface MemoryOptions extends RedlockOptions {
  /** The number of instances: a whole number, at least 1. @default 1 */
  readonly instances?: number | undefined;
}

/**
 * The client: it acquires locks on a set of servers. One client for each process and set of servers is enough, because all
 * callers can share it.
 *
 * ```ts
 * const redlock = new Redlock([redisA, redisB, redisC]);
 * await redlock.using("order:42", async (lock, signal) => { … });
 * ```
 */
export class Redlock implements AsyncDisposable {
  readonly #client: Client;

  /**
   * @param instances one entry for each independent server (protocol §1): an ioredis or node-redis client, a URL, or an
   * in-memory instance. `close()` closes the connections that the client opened for URLs. It does not close clients that you
   * passed. For a deploy during a change of the set, pass two such lists as `{ current, next }` (docs/guarantees.md).
   * @param options defaults for all locks of the client.
   * @throws TypeError, RangeError for a bad list or bad options. The message has the field and the value.
   */
  constructor(instances: readonly InstanceSource[] | JointInstances, options?: RedlockOptions) {
    const resolved = resolveOptions(options);
    this.#client = new Client(instances, resolved);
    const lists = isJoint(instances) ? [instances.current, instances.next] : [instances];
    for (const { length } of lists) if (length % 2 === 0) warnOfEven(length);
  }

  /** Makes a client with in-memory instances, for unit tests and for programs with one process. */
  static memory(options: MemoryOptions = {}): Redlock {
    const { instances = 1, ...rest } = options;
    if (!Number.isInteger(instances) || instances < 1) {
      throw new RangeError(`instances: ${show(instances)} must be a whole number, at least 1`);
    }
    const clock = rest.clock === undefined ? {} : { clock: rest.clock };
    const list = Array.from(
      { length: instances },
      (_, index) => new MemoryInstance({ label: `memory-${index + 1}`, ...clock }),
    );
    return new Redlock(list, rest);
  }

  /**
   * Returns the exclusive lock on a name, or on several names together, all or nothing. It sends nothing yet.
   * @throws TypeError, RangeError for a bad name.
   */
  mutex(names: string | readonly string[]): Lockable {
    return mutex(this.#client, names);
  }

  /** `mutex(names).acquire(options)`. */
  acquire(names: string | readonly string[], options?: AcquireOptions): Promise<Lock> {
    try {
      return this.mutex(names).acquire(options);
    } catch (error) {
      return Promise.reject(asError(error));
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

  /**
   * Changes the set of instances while locks are held (protocol §10). Resolves when every lock of this client needs a
   * majority of the present set *and* of the new one. A lock with `autoExtend` is extended at once. For any other lock, it
   * waits until the holder extends it or it ends. Every process must call this before one of them completes the change:
   *
   * ```ts
   * const change = await redlock.reconfigure([redisA, redisB, redisD]);
   * // … when `reconfigure` has resolved in every process:
   * await change.complete();
   * ```
   *
   * A server that is new to the set must be empty, because old fencing counters on it would repeat tokens. An entry with the
   * same client object or the same URL as a present entry keeps its member. Until `reconfigure` resolves, and if it rejects,
   * the present set decides alone.
   * @param instances the new set, as in the constructor.
   * @throws TypeError, RangeError for a bad list.
   * @throws ReconfigurationError if another change is in progress.
   * @throws DuplicateInstanceError if two entries of the new set are the same server.
   * @throws QuorumError if too few instances of the new set can vote within 5 s.
   * @throws LockClosedError if the client was closed.
   * @throws LockAbortedError if `signal` was aborted.
   */
  async reconfigure(
    instances: readonly InstanceSource[],
    options: ReconfigureOptions = {},
  ): Promise<MembershipChange> {
    const change = await this.#client.reconfigure(instances, checkSignal(options.signal));
    if (instances.length % 2 === 0) warnOfEven(instances.length);
    return change;
  }

  /**
   * Adds a listener for an event. The returned function removes it. docs/events.md lists the events and their fields.
   */
  on<Name extends LockEventName>(event: Name, listener: LockListener<Name>): () => void {
    return this.#client.events.on(event, listener);
  }

  /**
   * Rejects every waiting acquisition with a `LockClosedError`. Releases held locks and aborts their signals. Closes the
   * connections that the client opened. A second call returns the same promise.
   */
  close(): Promise<void> {
    return this.#client.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

let hasWarnedOfEven = false;

function warnOfEven(count: number): void {
  if (hasWarnedOfEven) return;
  hasWarnedOfEven = true;
  process.emitWarning(
    `instances: ${count} tolerate no more failures than ${count - 1}, and split votes are more frequent; use an odd number`,
    { type: "QuorumlockWarning", code: "QUORUMLOCK_EVEN" },
  );
}
