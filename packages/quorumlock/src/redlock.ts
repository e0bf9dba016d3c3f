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
  /** Gives up before the change has begun everywhere in this client, and goes back to the old set. */
  readonly signal?: AbortSignal | undefined;
}

export interface MemoryOptions extends RedlockOptions {
  /** How many instances. @default 1 */
  readonly instances?: number | undefined;
}

/**
 * The client: servers and defaults in, locks out. One for each process and set of servers is enough; it is
 * cheap to use from everywhere.
 *
 * ```ts
 * const redlock = new Redlock([redisA, redisB, redisC]);
 * await redlock.using("order:42", async (lock, signal) => { … });
 * ```
 */
export class Redlock implements AsyncDisposable {
  readonly #client: Client;

  /**
   * @param instances independent servers (protocol §1), one entry each: ioredis or node-redis clients, URLs,
   * or in-memory instances.
   * Connections opened from URLs are closed by `close()`; clients that were handed in are not. For a deploy in the middle
   * of a change of the set: `{ current, next }`, two such lists (docs/guarantees.md).
   * @throws TypeError, RangeError for a bad list or bad options, naming the field and the value.
   */
  constructor(instances: readonly InstanceSource[] | JointInstances, options?: RedlockOptions) {
    const resolved = resolveOptions(options);
    this.#client = new Client(instances, resolved);
    const lists = isJoint(instances) ? [instances.current, instances.next] : [instances];
    for (const { length } of lists) if (length % 2 === 0) warnOfEven(length);
  }

  /** A client on instances inside this process: for unit tests and for programs of one process. */
  static memory(options: MemoryOptions = {}): Redlock {
    const { instances = 1, ...rest } = options;
    if (!Number.isInteger(instances) || instances < 1) {
      throw new RangeError(`instances: ${show(instances)} is not a whole number above 0`);
    }
    const clock = rest.clock === undefined ? {} : { clock: rest.clock };
    const list = Array.from(
      { length: instances },
      (_, index) => new MemoryInstance({ label: `memory-${index + 1}`, ...clock }),
    );
    return new Redlock(list, rest);
  }

  /**
   * The exclusive lock on a name, or on several, all or nothing.
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
   * majority of the present set *and* of the new one: those that extend themselves are extended at once, others when
   * their holder extends them or they end. Every other process has to do the same before any of them completes the change:
   *
   * ```ts
   * const change = await redlock.reconfigure([redisA, redisB, redisD]);
   * // … once every process has got here:
   * await change.complete();
   * ```
   *
   * Servers that are new to the set have to be empty: fencing counters of an earlier time would repeat tokens.
   * An entry that is the same client object, or the same URL, as one of the present ones stays that member.
   * @param instances the new set, as in the constructor.
   * @throws TypeError, RangeError for a bad list. Until it resolves all goes on as before, and after a rejection, too:
   * ReconfigurationError while another change is under way, DuplicateInstanceError where two of the new set are one
   * server, QuorumError where no majority of the new set can be reached or may vote, LockClosedError,
   * LockAbortedError.
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
   * Listens to an event until the returned function is called. The events and what they carry:
   * docs/events.md.
   */
  on<Name extends LockEventName>(event: Name, listener: LockListener<Name>): () => void {
    return this.#client.events.on(event, listener);
  }

  /**
   * Ends everything: who waits is rejected with a `LockClosedError`, locks that are held are released and
   * their signals abort, connections that were opened here are closed. Closing twice is the same as once.
   */
  close(): Promise<void> {
    return this.#client.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

let warnedOfEven = false;

function warnOfEven(count: number): void {
  if (warnedOfEven) return;
  warnedOfEven = true;
  process.emitWarning(
    `${count} instances tolerate no more failures than ${count - 1}, and split their votes more often: use an odd number`,
    { type: "QuorumlockWarning", code: "QUORUMLOCK_EVEN" },
  );
}
