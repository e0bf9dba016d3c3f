import { asError, type InstanceError, type LockError } from "./errors.ts";

/** Why the votes of an instance are not safe to count (protocol §10). */
export type UnsafeCause = "restart" | "eviction" | "replica" | "cluster" | "clock";

/**
 * Every event of a client and what it carries. Metrics, logs and alerts are listeners of these; the core
 * knows none of them.
 */
export interface LockEvents {
  /** A lock was granted. */
  "lock:acquire:succeeded": {
    readonly names: readonly string[];
    readonly token: string;
    readonly fence: number;
    /** From the call to the grant, in ms. */
    readonly waitedMs: number;
    /** How many times the instances were asked. */
    readonly attempts: number;
  };
  /** An acquisition ended without a lock, for any reason that `error` tells. */
  "lock:acquire:failed": {
    readonly names: readonly string[];
    readonly error: LockError;
    readonly waitedMs: number;
    readonly attempts: number;
  };
  /** One attempt to extend failed; it is repeated until the lease ends. */
  "lock:extend:failed": {
    readonly names: readonly string[];
    readonly token: string;
    readonly error: LockError;
    /** What is left of the lease, in ms. */
    readonly remainingMs: number;
  };
  /** A lock was given back by its holder. */
  "lock:released": {
    readonly names: readonly string[];
    readonly token: string;
    readonly fence: number;
    /** From the grant to the release, in ms. */
    readonly heldMs: number;
    /** Whether a quorum confirmed it; where not, the keys end with their expiry. */
    readonly confirmed: boolean;
  };
  /** A held lock ended without being released. The lock's signal has fired. */
  "lock:lost": {
    readonly names: readonly string[];
    readonly token: string;
    readonly fence: number;
    readonly error: LockError;
  };
  /** An instance stopped answering, or its connection broke. */
  "instance:down": { readonly instance: string; readonly error: InstanceError };
  /** An instance answers again. */
  "instance:up": { readonly instance: string; readonly downMs: number };
  /** An instance came back under another `run_id`: it restarted, maybe without its memory. */
  "instance:restarted": { readonly instance: string; readonly before: string; readonly now: string };
  /** Locks may be forgotten or given away by an instance. Told once for each cause, until it changes. */
  "instance:unsafe": {
    readonly instance: string;
    readonly cause: UnsafeCause;
    /** What is wrong, and what to do. */
    readonly message: string;
    /** For how long it abstains, in ms: 0 where it is only warned of, `Infinity` until the cause is gone. */
    readonly abstainsMs: number;
  };
  /** Wake messages of an instance are not to be had; its waiters fall back to deadlines and a slow poll. */
  "instance:wake:lost": { readonly instance: string; readonly error: Error };
}

export type LockEventName = keyof LockEvents;
export type LockListener<Name extends LockEventName> = (event: LockEvents[Name]) => void;

/**
 * The listeners of one client. A listener that throws is reported as a process warning and disturbs nobody
 * else.
 */
export class Events {
  readonly #listeners = new Map<LockEventName, Set<(event: never) => void>>();

  /** Adds a listener; the returned function removes it. */
  on<Name extends LockEventName>(name: Name, listener: LockListener<Name>): () => void {
    let listeners = this.#listeners.get(name);
    if (listeners === undefined) this.#listeners.set(name, (listeners = new Set()));
    listeners.add(listener);
    return () => void this.#listeners.get(name)?.delete(listener);
  }

  /** Whether anybody listens, so that an event need not be built for nobody. */
  hasListener(name: LockEventName): boolean {
    return (this.#listeners.get(name)?.size ?? 0) > 0;
  }

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
  const { stack, message } = asError(thrown);
  process.emitWarning(`a listener of "${name}" threw: ${stack ?? message}`, "QuorumlockListenerWarning");
}
