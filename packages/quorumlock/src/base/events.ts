import type { InstanceError, InstanceFailure, LockError, LockErrorCode } from "./errors.ts";
import { redact } from "./redact.ts";
import { toError } from "./to-error.ts";

/**
 * Why an instance may lose locks or grant them twice (protocol §10):
 *
 * - `restart`: it restarted recently.
 * - `eviction`: its configuration allows it to evict keys.
 * - `replica`: it is a replica.
 * - `cluster`: it is one node of a cluster.
 * - `clock`: its clock is wrong.
 * - `membership`: another client uses it in another set of servers.
 */
export type UnsafeCause = "restart" | "eviction" | "replica" | "cluster" | "clock" | "membership";

/**
 * Why a process warning is emitted, once for each cause and client, and `refused` once for each instance and client:
 *
 * - `unreachable`: an instance that is needed cannot be reached, and has not answered since the client was made.
 * - `refused`: an instance refuses the client, or a request, for a reason that does not end by waiting.
 */
export type WarningCause = UnsafeCause | "unreachable" | "refused";

/**
 * What a health check found out about an instance (docs/health.md):
 *
 * - `up`: it answers, and nothing is wrong with it.
 * - `quarantined`: it answers, but it abstains for a time, because it restarted, lost data, or recovers its fencing counters.
 * - `unsafe`: it answers, but its configuration can lose locks, or it is the same server as another instance.
 * - `refused`: it answers requests with errors, for example because of a wrong password, or while it loads its data.
 * - `no-answer`: it did not answer in time, or it is not connected.
 */
export type InstanceState = "up" | "quarantined" | "unsafe" | "refused" | "no-answer";

/**
 * What `diagnostics: true` has found:
 *
 * - `held-long`: a lock is held for much longer than others of its class, or for a minute while a caller waits for it.
 * - `ttl-short`: the work takes longer than the ttl of a lock that does not extend itself, or nearly so.
 * - `ttl-long`: the ttl is much longer than the work.
 * - `lock-order`: locks were nested in different orders, so their callers can wait for each other for ever.
 * - `reentrant`: a caller waits for a lock that was acquired before in the same asynchronous context, so it may wait for itself.
 * - `not-released`: the `Lock` object was garbage-collected while the lock was held.
 * - `ran-after-loss`: a routine goes on although its lock is lost.
 * - `request-under-lock`: an HTTP request began under the lock.
 */
export type DiagnosticId =
  | "held-long"
  | "ttl-short"
  | "ttl-long"
  | "lock-order"
  | "reentrant"
  | "not-released"
  | "ran-after-loss"
  | "request-under-lock";

/**
 * The kind of a lock in events:
 *
 * - `mutex`: the exclusive lock on one name, or on several.
 * - `modes`: read/write locks, locks on trees, `modes`, and the plain locks of tenants.
 * - `fair`: the lock whose callers are served in order.
 * - `semaphore`: permits.
 */
export type LockKindName = "mutex" | "modes" | "fair" | "semaphore";

/** Whether others can hold the same names at the same time: `shared` for read locks, and for permits. */
export type SharingMode = "exclusive" | "shared";

/**
 * Why an acquisition ended without a lock:
 *
 * - `contended`: another holder, another waiter or a limit kept it out. With `waitMs` 0 it tried once, otherwise its time was up.
 * - `no-quorum`: too few instances voted.
 * - `aborted`: the caller aborted its signal.
 * - `closed`: the client was closed.
 * - `refused`: the request is wrong, so it fails even if the lock is free. `error` says what to change.
 */
export type FailureReason = "contended" | "no-quorum" | "aborted" | "closed" | "refused";

/** The error of an acquisition. One without a code is that of a bad request, such as more permits than the semaphore has. */
export type AcquireFailure = LockError | (Error & { readonly code?: undefined });

/**
 * Why a held lock ended without a release:
 *
 * - `expired`: it was not extended before its lease ended.
 * - `taken`: too many instances have another holder, or an operator released it.
 * - `closed`: the client was closed.
 */
export type LossCause = "expired" | "taken" | "closed";

/**
 * Every event of a client, with its fields. Build metrics, logs and alerts as listeners of these events. All events of one acquisition
 * and of its lock have the same `id`, which no other acquisition of the client has.
 */
export interface LockEvents {
  /**
   * An acquisition was called. Emitted during the call, so that a listener sees the asynchronous context of the caller. It ends with
   * `lock:acquire:succeeded` or `lock:acquire:failed`.
   */
  "lock:acquire:started": {
    readonly id: number;
    readonly names: readonly string[];
    readonly kind: LockKindName;
    readonly mode: SharingMode;
    readonly ttlMs: number;
    /** How long it may wait, in ms. 0 for a single attempt. */
    readonly waitMs: number;
  };
  /** A lock was acquired. */
  "lock:acquire:succeeded": {
    readonly id: number;
    readonly names: readonly string[];
    readonly kind: LockKindName;
    readonly mode: SharingMode;
    readonly token: string;
    readonly fence: number;
    readonly ttlMs: number;
    /** How long it could have waited, in ms. 0 for a single attempt. */
    readonly waitMs: number;
    /** Time from the call to the grant, in ms. */
    readonly waitedMs: number;
    /** How many attempts were sent to the instances. */
    readonly attempts: number;
    /** How many rounds of requests the attempts had. */
    readonly rounds: number;
    /** How many instances had voted for it when it was granted. At least a quorum. */
    readonly votes: number;
  };
  /** An acquisition ended without a lock. */
  "lock:acquire:failed": {
    readonly id: number;
    readonly names: readonly string[];
    /** Why, as a stable value. */
    readonly reason: FailureReason;
    /** Why, in words. */
    readonly error: AcquireFailure;
    /** How long it could have waited, in ms. 0 for a single attempt. */
    readonly waitMs: number;
    /** Time from the call to the failure, in ms. */
    readonly waitedMs: number;
    /**
     * How many attempts were sent to the instances. 0 if the call failed inside the process: another caller held the lock, or a pool
     * or a condition refused it.
     */
    readonly attempts: number;
  };
  /**
   * An acquisition waits from now on: for other callers of this process, for a holder, or for a pool or a condition. Not emitted for a
   * single attempt.
   */
  "lock:wait:started": { readonly id: number; readonly names: readonly string[] };
  /** An acquisition does not wait any more. Emitted exactly once for each `lock:wait:started`, and before the event of the result. */
  "lock:wait:ended": {
    readonly id: number;
    readonly names: readonly string[];
    /** Time since `lock:wait:started`, in ms. */
    readonly waitedMs: number;
  };
  /** A holder passed its lock to the next waiter of the same client in one round, without a release in between. */
  "lock:handed-over": {
    /** The acquisition that got the lock. */
    readonly id: number;
    readonly names: readonly string[];
    /** The token of the holder before. */
    readonly from: string;
    readonly token: string;
    readonly fence: number;
  };
  /** A lock was extended, by itself or by `extend()`. */
  "lock:extended": {
    readonly id: number;
    readonly names: readonly string[];
    readonly token: string;
    readonly fence: number;
    readonly ttlMs: number;
    /** Time until the new lease ends, in ms. */
    readonly remainingMs: number;
  };
  /** One attempt to extend a lock failed. Automatic extension retries until the lease ends. */
  "lock:extend:failed": {
    readonly id: number;
    readonly names: readonly string[];
    readonly token: string;
    readonly error: LockError;
    /** Time until the lease ends, in ms. */
    readonly remainingMs: number;
  };
  /** A read lock became the write lock, or the other way round. */
  "lock:converted": {
    readonly id: number;
    readonly names: readonly string[];
    readonly mode: SharingMode;
    /** The token before the conversion. */
    readonly from: string;
    readonly token: string;
    readonly fence: number;
  };
  /** The holder released a lock. */
  "lock:released": {
    readonly id: number;
    readonly names: readonly string[];
    readonly token: string;
    readonly fence: number;
    /** Time from the grant to the end of the release, in ms. */
    readonly heldMs: number;
    /** Whether a quorum confirmed the release. If not, keys are deleted later, or expire. */
    readonly confirmed: boolean;
  };
  /** The holder detached a lock, so that another process can attach it. It ends here without a release. */
  "lock:detached": {
    readonly id: number;
    readonly names: readonly string[];
    readonly token: string;
    readonly fence: number;
    /** Time from the grant to the detachment, in ms. */
    readonly heldMs: number;
  };
  /** A lock was attached that another process had detached. */
  "lock:attached": {
    readonly id: number;
    readonly names: readonly string[];
    readonly kind: LockKindName;
    readonly mode: SharingMode;
    readonly token: string;
    readonly fence: number;
    readonly ttlMs: number;
  };
  /** A held lock ended although its holder did not release it. Its `signal` is aborted. */
  "lock:lost": {
    readonly id: number;
    readonly names: readonly string[];
    readonly token: string;
    readonly fence: number;
    /** Why, as a stable value. */
    readonly cause: LossCause;
    /** The owner label of who has it instead, if instances have reported that. */
    readonly takenBy: string | undefined;
    readonly error: LockError;
    /** Time from the grant to the loss, in ms. */
    readonly heldMs: number;
  };
  /** An instance stopped answering, or its connection broke. Emitted once until the instance is up again. */
  "instance:down": { readonly instance: string; readonly error: InstanceError };
  /** An instance answers again, after `downMs` ms. */
  "instance:up": { readonly instance: string; readonly downMs: number };
  /** An instance has another `run_id` than before: the server restarted, or the address leads to another server. */
  "instance:restarted": { readonly instance: string; readonly before: string; readonly now: string };
  /** An instance may lose locks or grant them twice. Emitted once for each cause, and again when the cause changes. */
  "instance:unsafe": {
    readonly instance: string;
    readonly cause: UnsafeCause;
    /** What is wrong, and what to do. */
    readonly message: string;
    /** How long the instance abstains, in ms. 0 if it still votes, `Infinity` if it abstains until the cause ends. */
    readonly abstainsMs: number;
  };
  /**
   * The subscription for release messages of an instance failed, or its client library cannot subscribe. If less than a quorum of
   * subscriptions remains, waiters poll every 50 to 150 ms until a quorum works again.
   */
  "instance:wake:lost": { readonly instance: string; readonly error: InstanceError };
  /**
   * A health check found an instance in another state than the check before. Every instance counts as `up` before the first check.
   * Emitted by `redlock.health()` and by background checks.
   */
  "instance:health": {
    readonly instance: string;
    readonly before: InstanceState;
    readonly now: InstanceState;
    /** Why it is not `up`. `undefined` if it is. */
    readonly error: InstanceError | undefined;
  };
  /** The client looks for an instance at another address now, because the resolver returned it. */
  "instance:moved": { readonly instance: string; readonly before: string; readonly now: string };
  /** The resolver failed, or what it returned cannot be used. Emitted once for each reason until the instance answers again. */
  "instance:resolve:failed": { readonly instance: string; readonly error: Error };
  /** A health check found that no quorum can vote now. */
  "quorum:lost": {
    /** How many instances can vote. During a change of the instances: of the present ones. */
    readonly voting: number;
    /** How many are needed. */
    readonly quorum: number;
    /** How many instances there are. */
    readonly configured: number;
    /** Why each of the others cannot vote. */
    readonly failures: readonly InstanceFailure[];
  };
  /** A health check found that a quorum can vote again, `lostMs` ms after a check had found that none could. */
  "quorum:restored": {
    readonly voting: number;
    readonly quorum: number;
    readonly configured: number;
    readonly lostMs: number;
  };
  /** Code that uses locks in a way that can fail (docs/diagnostics.md). Only with `diagnostics: true`, once for each place in the code. */
  "diagnostics:warning": {
    readonly id: DiagnosticId;
    readonly names: readonly string[];
    /** What was seen, and what to do. */
    readonly message: string;
    /** The stacks of the calls, the first one that of the code to look at. */
    readonly stacks: readonly string[];
  };
}

export type LockEventName = keyof LockEvents;
const EVENTS: Readonly<Record<LockEventName, true>> = {
  "lock:acquire:started": true,
  "lock:acquire:succeeded": true,
  "lock:acquire:failed": true,
  "lock:wait:started": true,
  "lock:wait:ended": true,
  "lock:handed-over": true,
  "lock:extended": true,
  "lock:extend:failed": true,
  "lock:converted": true,
  "lock:released": true,
  "lock:detached": true,
  "lock:attached": true,
  "lock:lost": true,
  "instance:down": true,
  "instance:up": true,
  "instance:restarted": true,
  "instance:unsafe": true,
  "instance:wake:lost": true,
  "instance:health": true,
  "instance:moved": true,
  "instance:resolve:failed": true,
  "quorum:lost": true,
  "quorum:restored": true,
  "diagnostics:warning": true,
};
export type LockListener<Name extends LockEventName> = (event: LockEvents[Name]) => void;

/** Calls the listeners of one event at once, in the order in which they were added. */
type Emitter<Name extends LockEventName> = (event: LockEvents[Name]) => void;

/** The listeners of one event, at least one. */
interface Topic<Name extends LockEventName> {
  readonly listeners: Set<LockListener<Name>>;
  readonly emit: Emitter<Name>;
}

/**
 * The listeners of one client. If a listener throws, a process warning reports it, and the lock and the other listeners
 * continue.
 */
export class Events {
  readonly #topics = new Map<LockEventName, Topic<never>>();
  #lastId = 0;

  /** Adds a listener. The returned function removes it. @throws TypeError if there is no such event, or for no function. */
  on<Name extends LockEventName>(name: Name, listener: LockListener<Name>): () => void {
    if (!Object.hasOwn(EVENTS, name)) {
      const shown = typeof name === "string" ? JSON.stringify(name) : String(name);
      throw new TypeError(`event: ${shown} does not exist; the events are ${Object.keys(EVENTS).join(", ")}`);
    }
    if (typeof listener !== "function")
      throw new TypeError(`listener: ${String(listener)} must be a function`);
    const topic = (this.#topics.get(name) as Topic<Name> | undefined) ?? makeTopic(name);
    this.#topics.set(name, topic);
    topic.listeners.add(listener);
    return () => {
      topic.listeners.delete(listener);
      if (topic.listeners.size === 0 && this.#topics.get(name) === topic) this.#topics.delete(name);
    };
  }

  /**
   * What emits an event, or `undefined` if nobody listens to it. Call it as `events.to(name)?.({ … })`: without a listener, the event
   * is not even built.
   */
  to<Name extends LockEventName>(name: Name): Emitter<Name> | undefined {
    return this.#topics.get(name)?.emit as Emitter<Name> | undefined;
  }

  /** A new number for an acquisition. */
  nextId(): number {
    return (this.#lastId += 1);
  }
}

function makeTopic<Name extends LockEventName>(name: Name): Topic<Name> {
  const listeners = new Set<LockListener<Name>>();
  const emit = (event: LockEvents[Name]): void => {
    for (const listener of listeners) {
      try {
        const result: unknown = listener(event);
        if (result instanceof Promise) result.catch((thrown: unknown) => warn(name, thrown));
      } catch (thrown) {
        warn(name, thrown);
      }
    }
  };
  return { listeners, emit };
}

function warn(name: LockEventName, thrown: unknown): void {
  const { stack, message } = toError(thrown);
  process.emitWarning(
    `a listener of "${name}" threw: ${redact(stack ?? message)}`,
    "QuorumlockListenerWarning",
  );
}

const REASONS: Readonly<Partial<Record<LockErrorCode, FailureReason>>> = {
  LOCK_TIMEOUT: "contended",
  LOCK_TENANT_LIMIT: "contended",
  LOCK_POOL_FULL: "contended",
  LOCK_CONDITION: "contended",
  LOCK_NO_QUORUM: "no-quorum",
  LOCK_CIRCUIT_OPEN: "no-quorum",
  LOCK_ABORTED: "aborted",
  LOCK_CLOSED: "closed",
};

/** Why an acquisition failed, by its error. */
export function failureReason({ code }: AcquireFailure): FailureReason {
  return (code === undefined ? undefined : REASONS[code]) ?? "refused";
}
