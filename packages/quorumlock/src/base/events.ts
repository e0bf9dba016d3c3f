import { type InstanceError, type InstanceFailure, type LockError } from "./errors.ts";
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

/** Every event of a client, with its fields. Build metrics, logs and alerts as listeners of these events. */
export interface LockEvents {
  /** A lock was acquired. */
  "lock:acquire:succeeded": {
    readonly names: readonly string[];
    readonly token: string;
    readonly fence: number;
    /** Time from the call to the grant, in ms. */
    readonly waitedMs: number;
    /** How many attempts were sent to the instances. */
    readonly attempts: number;
  };
  /** An acquisition ended without a lock. `error` is the reason. */
  "lock:acquire:failed": {
    readonly names: readonly string[];
    readonly error: LockError;
    /** Time from the call to the failure, in ms. */
    readonly waitedMs: number;
    /**
     * How many attempts were sent to the instances. 0 if the call failed inside the process: another caller held the lock, or a pool
     * or a condition refused it.
     */
    readonly attempts: number;
  };
  /** One attempt to extend a lock failed. Automatic extension retries until the lease ends. */
  "lock:extend:failed": {
    readonly names: readonly string[];
    readonly token: string;
    readonly error: LockError;
    /** Time until the lease ends, in ms. */
    readonly remainingMs: number;
  };
  /** The holder released a lock. */
  "lock:released": {
    readonly names: readonly string[];
    readonly token: string;
    readonly fence: number;
    /** Time from the grant to the release, in ms. */
    readonly heldMs: number;
    /** Whether a quorum confirmed the release. If not, keys are deleted later, or expire. */
    readonly confirmed: boolean;
  };
  /** The holder detached a lock, so that another process can attach it. It ends here without a release. */
  "lock:detached": {
    readonly names: readonly string[];
    readonly token: string;
    readonly fence: number;
    /** Time from the grant to the detachment, in ms. */
    readonly heldMs: number;
  };
  /** A lock was attached that another process had detached. */
  "lock:attached": { readonly names: readonly string[]; readonly token: string; readonly fence: number };
  /** A held lock ended although its holder did not release it. Its `signal` is aborted. */
  "lock:lost": {
    readonly names: readonly string[];
    readonly token: string;
    readonly fence: number;
    readonly error: LockError;
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
   * The subscription for release messages of an instance failed. If less than a quorum of subscriptions remains, waiters poll
   * every 50 to 150 ms until a quorum works again.
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
  "lock:acquire:succeeded": true,
  "lock:acquire:failed": true,
  "lock:extend:failed": true,
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

/**
 * The listeners of one client. If a listener throws, a process warning reports it, and the lock and the other listeners
 * continue.
 */
export class Events {
  readonly #listeners = new Map<LockEventName, Set<(event: never) => void>>();

  /** Adds a listener. The returned function removes it. @throws TypeError if there is no such event, or for no function. */
  on<Name extends LockEventName>(name: Name, listener: LockListener<Name>): () => void {
    if (!Object.hasOwn(EVENTS, name)) {
      const shown = typeof name === "string" ? JSON.stringify(name) : String(name);
      throw new TypeError(`event: ${shown} does not exist; the events are ${Object.keys(EVENTS).join(", ")}`);
    }
    if (typeof listener !== "function")
      throw new TypeError(`listener: ${String(listener)} must be a function`);
    let listeners = this.#listeners.get(name);
    if (listeners === undefined) this.#listeners.set(name, (listeners = new Set()));
    listeners.add(listener);
    return () => void this.#listeners.get(name)?.delete(listener);
  }

  /** Whether the event has a listener. If not, the caller need not build the event. */
  hasListener(name: LockEventName): boolean {
    return (this.#listeners.get(name)?.size ?? 0) > 0;
  }

  /** Calls the listeners of an event at once, in the order in which they were added. */
  emit<Name extends LockEventName>(name: Name, event: LockEvents[Name]): void {
    const listeners = this.#listeners.get(name) as Set<LockListener<Name>> | undefined;
    if (listeners === undefined) return;
    for (const listener of listeners) {
      try {
        const result: unknown = listener(event);
        if (result instanceof Promise) result.catch((thrown: unknown) => warn(name, thrown));
      } catch (thrown) {
        warn(name, thrown);
      }
    }
  }
}

function warn(name: LockEventName, thrown: unknown): void {
  const { stack, message } = toError(thrown);
  process.emitWarning(
    `a listener of "${name}" threw: ${redact(stack ?? message)}`,
    "QuorumlockListenerWarning",
  );
}
