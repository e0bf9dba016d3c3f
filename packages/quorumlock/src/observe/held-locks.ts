import { AsyncLocalStorage } from "node:async_hooks";
import type { Clock } from "../base/clock.ts";
import type { LockEvents, LockKindName, SharingMode } from "../base/events.ts";
import { processWide } from "../base/process-wide.ts";
import { clientOf } from "../client/client-of.ts";
import type { ObservableRedlock } from "./lock-stats.ts";
import { shortToken } from "./short-token.ts";

/** A lock that the current asynchronous context holds. */
export interface HeldLockInfo {
  /** The locked names, sorted. */
  readonly names: readonly string[];
  /** The kind of lock. */
  readonly kind: LockKindName;
  /** Whether others can hold it too. */
  readonly mode: SharingMode;
  /** The first 8 digits of the token. */
  readonly token: string;
  /** The fencing token. */
  readonly fence: number;
  /** The ttl, in ms. */
  readonly ttl: number;
  /** About how long the lease is still valid, in ms. It can be a few ms less, because it began when the request was sent. */
  readonly remaining: number;
  /** How long it has been held, in ms. */
  readonly heldMs: number;
}

/** What is known of a lock while it is held. */
interface Grant extends Omit<HeldLockInfo, "remaining" | "heldMs"> {
  readonly clock: Clock;
  readonly grantedAt: number;
  readonly expiresAt: number;
}

/** An acquisition that a context has called, and its lock. `grant` is `undefined` until the lock is held. */
interface TrackedLock {
  readonly context: HeldContext;
  grant: Grant | undefined;
}

/**
 * The locks that one asynchronous context has acquired and not released. A lock leaves its context when it ends, wherever that happens.
 * So a context keeps only what is held.
 */
interface HeldContext {
  readonly locks: Set<TrackedLock>;
  /** The nearest context around it that was still needed when the chain was used last. */
  parent: HeldContext | undefined;
  /** Whether it is a call of a function of `debugLock` that has not ended. It has all locks that are acquired inside the call. */
  isCall: boolean;
  /** Called for each lock that is granted during the call. */
  onGranted: ((lock: HeldLockInfo) => void) | undefined;
}

/** Made on first use, because AsyncLocalStorage slows down every promise of the process on Node 20. */
function contexts(): AsyncLocalStorage<HeldContext> {
  return processWide("heldContexts", () => new AsyncLocalStorage<HeldContext>());
}

/** Clients whose locks are known, with the function that stops it. */
const tracked = processWide("trackedClients", () => new WeakMap<ObservableRedlock, () => void>());

/**
 * Makes the locks of a client known to `heldLocks()` and to `debugLock`. A development aid: it uses AsyncLocalStorage. Call it once for
 * each client, before the locks are acquired. A second call does nothing.
 * @returns a function that ends it.
 * @throws TypeError if it is no client.
 */
export function trackLocks(redlock: ObservableRedlock): () => void {
  const known = tracked.get(redlock);
  if (known !== undefined) return known;
  const tracker = new LockTracker(redlock);
  const stop = (): void => {
    tracker.stop();
    tracked.delete(redlock);
  };
  tracked.set(redlock, stop);
  return stop;
}

/**
 * The locks that the current asynchronous context holds, and the contexts that started it, the newest lock first. Only locks of clients
 * that were passed to `trackLocks`. Calls that start in one function without `debugLock`, such as those of one `Promise.all`, share a context. Locks
 * of `when`, of a pool whose caller had to wait, and attached locks are known only inside a function of `debugLock`.
 */
export function heldLocks(): readonly HeldLockInfo[] {
  const found: HeldLockInfo[] = [];
  for (let context = neededContext(); context !== undefined; context = context.parent)
    found.push(
      ...[...context.locks].toReversed().flatMap(({ grant }) => (grant === undefined ? [] : [infoOf(grant)])),
    );
  return found;
}

/** How many contexts the current one keeps. For the test of the bound. */
export function contextDepth(): number {
  let depth = 0;
  for (let context = contexts().getStore(); context !== undefined; context = context.parent) depth += 1;
  return depth;
}

/** Runs one call of a function in a context of its own. `routine` gets a function that it must call when the call has ended. */
export function runInContext<T>(onGranted: (lock: HeldLockInfo) => void, routine: (end: () => void) => T): T {
  const context: HeldContext = { locks: new Set(), parent: neededContext(), isCall: true, onGranted };
  const end = (): void => {
    context.isCall = false;
    context.onGranted = undefined;
  };
  return contexts().run(context, () => routine(end));
}

function infoOf({ clock, grantedAt, expiresAt, ...grant }: Grant): HeldLockInfo {
  const now = clock.monotonic();
  return { ...grant, remaining: Math.max(0, expiresAt - now), heldMs: now - grantedAt };
}

/**
 * The innermost context of the current one and those around it that is still needed. It removes the others from the chain, also between
 * contexts that are needed. So the chain has only contexts that hold a lock, acquire one, or are a call of `debugLock` in progress.
 */
function neededContext(): HeldContext | undefined {
  const innermost = skipEnded(contexts().getStore());
  for (let context = innermost; context !== undefined; context = context.parent)
    context.parent = skipEnded(context.parent);
  return innermost;
}

function skipEnded(context: HeldContext | undefined): HeldContext | undefined {
  let found = context;
  while (found !== undefined && !found.isCall && found.locks.size === 0) found = found.parent;
  return found;
}

/** Follows the locks of one client. It keeps an entry for each acquisition that is under way and for each held lock. */
class LockTracker {
  readonly #clock: Clock;
  readonly #driftFactor: number;
  readonly #locks = new Map<number, TrackedLock>();
  readonly #stops: readonly (() => void)[];

  constructor(redlock: ObservableRedlock) {
    const { clock, driftFactor } = clientOf(redlock);
    this.#clock = clock;
    this.#driftFactor = driftFactor;
    this.#stops = [
      redlock.on("lock:acquire:started", ({ id }) => this.#begin(id)),
      redlock.on("lock:acquire:succeeded", (event) => this.#onGranted(event)),
      redlock.on("lock:acquire:failed", ({ id }) => this.#end(id)),
      redlock.on("lock:attached", (event) => this.#onAttached(event)),
      redlock.on("lock:extended", (event) => this.#onExtended(event)),
      redlock.on("lock:converted", (event) => this.#onConverted(event)),
      redlock.on("lock:released", ({ id }) => this.#end(id)),
      redlock.on("lock:detached", ({ id }) => this.#end(id)),
      redlock.on("lock:lost", ({ id }) => this.#end(id)),
    ];
  }

  stop(): void {
    for (const stop of this.#stops) stop();
    for (const id of this.#locks.keys()) this.#end(id);
  }

  /** The listener runs in the context of the caller. Without a call of `debugLock`, the caller gets a context of its own. */
  #begin(id: number): void {
    const current = neededContext();
    let context = callOf(current);
    if (context === undefined) {
      context = { locks: new Set(), parent: current, isCall: false, onGranted: undefined };
      contexts().enterWith(context);
    }
    const lock: TrackedLock = { context, grant: undefined };
    context.locks.add(lock);
    this.#locks.set(id, lock);
  }

  #onGranted(event: LockEvents["lock:acquire:succeeded" | "lock:attached"]): void {
    const lock = this.#locks.get(event.id);
    if (lock === undefined) return;
    const { names, kind, mode, token, fence, ttlMs } = event;
    const now = this.#clock.monotonic();
    lock.grant = {
      names,
      kind,
      mode,
      token: shortToken(token),
      fence,
      ttl: ttlMs,
      clock: this.#clock,
      grantedAt: now,
      expiresAt: now + ttlMs - (ttlMs * this.#driftFactor + 2),
    };
    lock.context.onGranted?.(infoOf(lock.grant));
  }

  /** A lock is attached after the call has returned its promise, so only a call of `debugLock` around it is a context of its caller. */
  #onAttached(event: LockEvents["lock:attached"]): void {
    this.#begin(event.id);
    this.#onGranted(event);
  }

  #onExtended({ id, ttlMs, remainingMs }: LockEvents["lock:extended"]): void {
    const lock = this.#locks.get(id);
    if (lock?.grant === undefined) return;
    lock.grant = { ...lock.grant, ttl: ttlMs, expiresAt: this.#clock.monotonic() + remainingMs };
  }

  #onConverted({ id, mode, token, fence }: LockEvents["lock:converted"]): void {
    const lock = this.#locks.get(id);
    if (lock?.grant !== undefined) lock.grant = { ...lock.grant, mode, token: shortToken(token), fence };
  }

  #end(id: number): void {
    const lock = this.#locks.get(id);
    lock?.context.locks.delete(lock);
    this.#locks.delete(id);
  }
}

/** The call of a function of `debugLock` that a context belongs to. */
function callOf(context: HeldContext | undefined): HeldContext | undefined {
  let found = context;
  while (found !== undefined && !found.isCall) found = found.parent;
  return found;
}
