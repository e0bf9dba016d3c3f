import { EventEmitter } from "node:events";
import { toError } from "../../base/to-error.ts";
import type { Lease } from "../../quorum/lease.ts";
import { checkClients, checkDuration, checkLock, checkResources, refuseScripts } from "./check-arguments.ts";
import { type Electorate, electorateOf } from "./electorate.ts";
import { ExecutionError, MESSAGES } from "./errors.ts";
import {
  FORMER_LOCK_METHODS,
  FORMER_METHODS,
  FORMER_STATICS,
  refuseCallback,
  refuseFormerEvent,
  refuseFormerMethods,
  refuseFormerStatics,
} from "./former-methods.ts";
import { type Extension, Keeper, type RedlockAbortSignal } from "./keeper.ts";
import { acquireOnce, extendOnce, releaseOnce } from "./operations.ts";
import { repeat } from "./repeat.ts";
import { type RedlockSettings, resolveRedlockSettings, resolveSettings, type Settings } from "./settings.ts";
import type { ExecutionResult, ExecutionStats, RedlockClient } from "./stats.ts";
import { VotedHold } from "./voted-hold.ts";

/** What the library knows about a lock. */
interface LockState {
  readonly electorate: Electorate;
  readonly hold: VotedHold;
  /** `undefined` if the lock was made by its constructor: then its `expiration` alone counts. */
  readonly lease: Lease | undefined;
}

/** The lock object has the fields of `redlock` 5 only, so that it can be printed, copied and compared as before. */
const states = new WeakMap<Lock, LockState>();

/** A lock that was acquired or extended. */
export class Lock {
  readonly redlock: Redlock;
  /** The resources, in the order of the call. */
  readonly resources: string[];
  /** The value of the keys on the servers. */
  readonly value: string;
  /** How the clients voted when it was acquired or extended: one promise for each attempt. */
  readonly attempts: ReadonlyArray<Promise<ExecutionStats>>;
  /** When the lock ends if it is not extended, in ms since 1970. 0 if it was released, or replaced by an extension. */
  expiration: number;

  /**
   * Describes a lock that exists, for example one that another process acquired. Its `value` gives the right to extend and release it.
   */
  constructor(
    redlock: Redlock,
    resources: string[],
    value: string,
    attempts: ReadonlyArray<Promise<ExecutionStats>>,
    expiration: number,
  ) {
    this.redlock = redlock;
    this.resources = resources;
    this.value = value;
    this.attempts = attempts;
    this.expiration = expiration;
  }

  /**
   * The fencing token, if this object was acquired, or is the extension of such a lock. It is above the token of every earlier lock that
   * this library granted on these resources. Locks of `redlock` have none.
   */
  get fence(): number | undefined {
    const state = states.get(this);
    return state?.lease === undefined ? undefined : state.hold.fence;
  }

  /** `redlock.release(lock)`. */
  async release(...rest: never[]): Promise<ExecutionResult> {
    refuseCallback("release", rest);
    return this.redlock.release(this);
  }

  /** `redlock.extend(lock, duration)`. Returns another `Lock`, which replaces this one. */
  async extend(duration: number, ...rest: never[]): Promise<Lock> {
    refuseCallback("extend", rest);
    return this.redlock.extend(this, duration);
  }
}

/**
 * The class of `redlock` 5 on this library. A lock is a key with the name of the resource and a random value, so processes with this
 * class and processes with `redlock` exclude each other on the same servers (docs/migration.md).
 *
 * Emits `"error"` for every client that votes against an operation. Nothing happens if nobody listens.
 */
export class Redlock extends EventEmitter {
  readonly clients: Set<RedlockClient>;
  readonly settings: Settings;
  readonly #electorate: Electorate;

  /**
   * @param clients one for each independent server or cluster, usually of ioredis.
   * @throws Error if there are no clients. TypeError, RangeError for a bad client or setting, with its name and value.
   * @throws TypeError if scripts are given: the library sends its own.
   */
  constructor(clients: Iterable<RedlockClient>, settings?: RedlockSettings, scripts?: undefined) {
    super();
    this.on("error", () => undefined);
    this.on("newListener", refuseFormerEvent);
    refuseScripts(scripts);
    const list = checkClients(clients);
    const resolved = resolveRedlockSettings(settings);
    this.clients = new Set(list);
    this.settings = resolved.settings;
    this.#electorate = electorateOf(list, resolved.terms);
  }

  /** @throws TypeError: the library sends scripts of its own, which are not part of its interface. */
  get scripts(): never {
    throw new TypeError(
      "scripts: the library sends its own, and does not expose them; remove what reads them",
    );
  }

  /** Sends the releases that are due, and calls `quit()` of each client that has it. All `Redlock` objects with the same clients end. */
  async quit(...rest: never[]): Promise<void> {
    refuseCallback("quit", rest);
    await this.#electorate.close();
    await Promise.all([...this.clients].map(quitOf));
  }

  /**
   * Acquires a lock on all resources, or on none.
   * @param duration how long it is valid if it is not extended, in ms: a whole number above the allowance for clock drift.
   * @throws ExecutionError if no attempt has a quorum. DuplicateInstanceError if two clients lead to one server.
   * @throws Error, TypeError, RangeError for bad arguments.
   */
  async acquire(
    resources: readonly string[],
    duration: number,
    settings?: Partial<Settings>,
    ...rest: never[]
  ): Promise<Lock> {
    refuseCallback("acquire", [settings, ...rest]);
    const names = checkResources(resources);
    const resolved = resolveSettings(settings, this.settings);
    checkDuration(duration, resolved.driftFactor);
    const electorate = this.#electorate;
    const context = electorate.context(resolved.driftFactor);
    electorate.recordDuration(duration);
    const { value, attempts } = await this.#repeat(resolved, names.length, (votes) =>
      acquireOnce(electorate, context, names, duration, votes),
    );
    const { hold, lease } = value;
    return this.#lockOf([...resources], attempts, { electorate, hold, lease });
  }

  /**
   * Releases a lock on all clients.
   * @throws ExecutionError if no quorum has released it: at once if a quorum does not hold it any more, otherwise after the retries, or
   * when the lock has ended.
   * A client that cannot be reached releases it as soon as it is connected again.
   */
  async release(lock: Lock, settings?: Partial<Settings>, ...rest: never[]): Promise<ExecutionResult> {
    refuseCallback("release", [settings, ...rest]);
    const { hold } = this.#stateOf(lock);
    const resolved = resolveSettings(settings, this.settings);
    const { expiration } = lock;
    lock.expiration = 0;
    const { clock } = this.#electorate.client;
    // The `expiration` is 0 if the lock was replaced, and undefined if the object only describes it: then its end is not known.
    const describedEnd = expiration > 0 ? expiration : Infinity;
    const hasEnded = (): boolean => (hold.lease?.remainingMs(clock) ?? describedEnd - clock.wall()) <= 0;
    const released = new Set<string>();
    const { attempts } = await this.#repeat(
      resolved,
      lock.resources.length,
      (votes) => releaseOnce(hold, released, hasEnded, votes),
      false,
    );
    return { attempts };
  }

  /**
   * Extends a lock to `duration` ms from now, on servers that have its value. Returns another `Lock`, which replaces `existing`. The
   * keys never end earlier than before.
   * @throws ExecutionError if the lock has ended, or was released meanwhile, or if no attempt has a quorum.
   */
  async extend(
    existing: Lock,
    duration: number,
    settings?: Partial<Settings>,
    ...rest: never[]
  ): Promise<Lock> {
    refuseCallback("extend", [settings, ...rest]);
    return this.#extend(existing, duration, resolveSettings(settings, this.settings), false);
  }

  /**
   * Acquires a lock, runs the routine, and releases the lock. The lock is extended when `automaticExtensionThreshold` is left.
   * @param routine its signal aborts when the lock is lost, and has the reason as `error`.
   * @returns the result of the routine.
   * @throws the error of the routine. The `error` of the signal if the routine succeeded, but the lock was lost meanwhile.
   * @throws otherwise as `acquire`.
   */
  using<T>(
    resources: readonly string[],
    duration: number,
    settings: Partial<Settings>,
    routine?: (signal: RedlockAbortSignal) => Promise<T>,
  ): Promise<T>;
  using<T>(
    resources: readonly string[],
    duration: number,
    routine: (signal: RedlockAbortSignal) => Promise<T>,
  ): Promise<T>;
  async using<T>(
    resources: readonly string[],
    duration: number,
    first: Partial<Settings> | ((signal: RedlockAbortSignal) => Promise<T>) | undefined,
    second?: (signal: RedlockAbortSignal) => Promise<T>,
  ): Promise<T> {
    const [settings, routine] = typeof first === "function" ? [undefined, second ?? first] : [first, second];
    if (typeof routine !== "function") throw new Error(MESSAGES.noRoutine);
    const resolved = resolveSettings(settings, this.settings);
    checkDuration(duration, resolved.driftFactor);
    if (resolved.automaticExtensionThreshold > duration - 100) throw new Error(MESSAGES.threshold);
    let lock = await this.acquire(resources, duration, resolved);
    const { clock } = this.#electorate.client;
    const remainingMs = (): number => states.get(lock)!.lease!.remainingMs(clock);
    const keeper = new Keeper(
      this.#electorate,
      {
        // While an extension ends, the `expiration` of the former lock is 0.
        remainingMs,
        extendOnce: async (): Promise<Extension> => {
          try {
            lock = await this.#extend(lock, duration, { ...resolved, retryCount: 0 }, true);
            return { isExtended: true, isLost: false, stats: lock.attempts.at(-1)! };
          } catch (error) {
            const stats = error instanceof ExecutionError ? error.attempts.at(-1) : undefined;
            return { isExtended: false, isLost: lock.expiration === 0 || remainingMs() <= 0, stats };
          }
        },
      },
      resolved,
    );
    let result: T;
    try {
      result = await routine(keeper.signal);
    } finally {
      keeper.end();
      // The work is done. If no quorum confirms the release, the keys are deleted later, or expire.
      await this.release(lock, { ...resolved, retryCount: 0 }).catch(() => undefined);
    }
    if (keeper.signal.error !== undefined) throw keeper.signal.error;
    return result;
  }

  async #extend(existing: Lock, duration: number, resolved: Settings, everywhere: boolean): Promise<Lock> {
    const state = this.#stateOf(existing);
    checkDuration(duration, resolved.driftFactor);
    const electorate = this.#electorate;
    const { hold } = state;
    electorate.recordDuration(duration);
    const isForeign = state.lease === undefined;
    // Another call may replace the lock meanwhile, and set its `expiration` to 0.
    const { expiration } = existing;
    const hasEnded = (): boolean => hold.isWithdrawn || this.#remainingMs(existing, expiration) <= 0;
    const { value: lease, attempts } = await this.#repeat(
      resolved,
      existing.resources.length,
      async (votes, before) => {
        if (hasEnded()) throw new ExecutionError(MESSAGES.expired, before);
        hold.driftFactor = resolved.driftFactor;
        const outcome = await extendOnce(electorate, hold, everywhere, duration, votes);
        // A lock that was renewed where it was held has excluded all others all the time, also if the votes came after its end. One that
        // was set again on servers without it has not: another process may have held the resources.
        const isUnsafe = everywhere && hasEnded();
        if ("value" in outcome && (isUnsafe || hold.isWithdrawn)) {
          // It does nothing after a release.
          hold.withdraw();
          throw new ExecutionError(MESSAGES.expired, [...before, votes.stats]);
        }
        if (!("value" in outcome) && outcome.isFinal) existing.expiration = 0;
        return outcome;
      },
    );
    existing.expiration = 0;
    return this.#lockOf(existing.resources, attempts, { electorate, hold, lease }, isForeign);
  }

  #repeat<T>(
    settings: Settings,
    resources: number,
    attempt: Parameters<typeof repeat<T>>[0]["attempt"],
    needsDistinctServers = true,
  ): ReturnType<typeof repeat<T>> {
    const [electorate, onError] = [this.#electorate, this.#onError];
    return repeat({ electorate, settings, resources, onError, needsDistinctServers, attempt });
  }

  #lockOf(
    resources: string[],
    attempts: ReadonlyArray<Promise<ExecutionStats>>,
    { electorate, hold, lease }: LockState & { readonly lease: Lease },
    isForeign = false,
  ): Lock {
    const expiration = Math.floor(lease.wall + lease.validMs);
    const lock = new Lock(this, resources, hold.token, attempts, expiration);
    states.set(lock, { electorate, hold, lease: isForeign ? undefined : lease });
    return lock;
  }

  #stateOf(lock: Lock): LockState {
    const known = states.get(lock);
    if (known?.electorate === this.#electorate) return known;
    // A lock of another process, or of a Redlock with other clients.
    const { resources, value } = checkLock(lock);
    const context = this.#electorate.context(this.settings.driftFactor);
    const hold = new VotedHold(context, checkResources(resources), value);
    const state = { electorate: this.#electorate, hold, lease: undefined };
    if (known === undefined) states.set(lock, state);
    return state;
  }

  /** Time until the lock ends, in ms; 0 or less if it has ended. The user can have changed its `expiration`. */
  #remainingMs(lock: Lock, expiration: number): number {
    const { clock } = this.#electorate.client;
    const left = expiration - clock.wall();
    return Math.min(left, states.get(lock)?.lease?.remainingMs(clock) ?? left);
  }

  readonly #onError = (error: Error): void => {
    // A program can have removed all listeners. Then `emit` would throw the error.
    if (this.listenerCount("error") === 0) return;
    try {
      this.emit("error", error);
    } catch (thrown) {
      process.emitWarning(
        `a listener of "error" threw: ${toError(thrown).message}`,
        "QuorumlockListenerWarning",
      );
    }
  };
}

refuseFormerMethods(Redlock.prototype, FORMER_METHODS);
refuseFormerStatics(Redlock, FORMER_STATICS);
refuseFormerMethods(Lock.prototype, FORMER_LOCK_METHODS);

/** Not every client can quit. */
async function quitOf(client: object): Promise<void> {
  if ("quit" in client && typeof client.quit === "function") await client.quit();
}
