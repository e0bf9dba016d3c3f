import { type Origin, originOf } from "../acquiring/origin.ts";
import { assert } from "../base/assert.ts";
import { checkWholeNumber } from "../base/check-whole-number.ts";
import {
  type LockError,
  LockKindError,
  LockTimeoutError,
  QuorumError,
  TenantLimitError,
} from "../base/errors.ts";
import { refuseUnknownOptions } from "../base/known-options.ts";
import { type AcquireOptions, checkOptions } from "../base/options.ts";
import { checkBoolean, formatValue } from "../base/check-value.ts";
import { type Call, ComposedLockable } from "../compositions/composed-lockable.ts";
import type { Lock, Lockable } from "../lockable.ts";
import { CircuitOpenError } from "./errors.ts";
import { checkListener, notify } from "./listeners.ts";
import { localTier } from "./local-tier.ts";
import { observeLock } from "./observed-lock.ts";
import { enterTier } from "./tier-entry.ts";
import { guardOf, type TierGuard } from "./tier-guard.ts";
import { healthOf, keyOf, type TierHealth } from "./tier-health.ts";

/** Options of `withFallback`. */
export interface FallbackOptions {
  /**
   * Whether the last tier is an exclusive lock inside this process. It excludes no other process, and it is a plain lock whatever the
   * kind of the primary.
   * @default false
   */
  readonly local?: boolean | undefined;
  /**
   * Whether a change of the tier is safe for this process: it waits until the locks of the other tier that this process holds have
   * ended, and until the largest ttl of the other tier has passed. Meanwhile the lock counts as held.
   * @default true
   */
  readonly safeSwitch?: boolean | undefined;
  /**
   * How long a tier that was found without a quorum is not used, in ms. After that, a call probes it. A whole number of at least 1.
   * @default 30_000
   */
  readonly returnAfterMs?: number | undefined;
}

/** The tiers: the first lockable, the backups in their order, and the lock inside the process. */
export type FallbackTier = "primary" | `backup-${number}` | "local";

/** What a lock of `withFallback` has in addition. */
export interface TierInfo {
  /** The tier that granted the lock. */
  readonly tier: FallbackTier;
  /** `true` if the tier is not the primary. Then locks of other tiers, held by other processes, do not exclude this one. */
  readonly degraded: boolean;
}

/** Another tier is the one with which calls begin. */
export interface TierChange {
  /** The tier before. */
  readonly from: FallbackTier;
  /** The tier now. */
  readonly to: FallbackTier;
  /** The failure because of which the tier before is not used. `undefined` if a better tier has come up again. */
  readonly error: LockError | undefined;
}

/** A lockable with tiers. */
export interface FallbackLockable<L extends Lock = Lock> extends Lockable<L & TierInfo> {
  /** The tier with which the next call begins, as far as this process knows now. */
  readonly tier: FallbackTier;
  /**
   * Calls the listener at every change of `tier`, until the returned function is called. A change is found by a call of this lockable,
   * or of another one whose tiers have the same clients. If the listener throws, a process warning reports it.
   * @throws TypeError for no function.
   */
  onTierChange(listener: (change: TierChange) => void): () => void;
}

/**
 * Acquires from a backup while the primary has no quorum. Locks of different tiers do not exclude each other, so this trades exclusion for
 * availability: read docs/policies.md before you use it. `lock.tier` and `lock.degraded` say which tier granted a lock. Fencing tokens
 * of different tiers cannot be compared.
 *
 * A call falls back only on a `QuorumError` or a `CircuitOpenError`, never on contention. `wait` limits the wait in each tier. A tier
 * that failed is left alone for `returnAfterMs`, for all lockables of its client. Then one call probes it with an attempt whose lock it
 * releases at once. If no tier has a quorum, the call throws the last error.
 *
 * ```ts
 * import { withFallback } from "quorumlock";
 *
 * const report = withFallback(redlock.mutex("report"), [], { local: true });
 * await report.using(async (lock, signal) => (lock.degraded ? undefined : work(lock, signal)));
 * ```
 *
 * @param primary the lockable that is used whenever it can be.
 * @param backups lockables of other clients, in the order in which they are tried.
 * @throws TypeError, RangeError for a bad argument, with the field and the value.
 */
export function withFallback(
  primary: Lockable,
  backups: readonly Lockable[],
  options: FallbackOptions & { readonly local: true },
): FallbackLockable;
export function withFallback<L extends Lock>(
  primary: Lockable<L>,
  backups: readonly Lockable<L>[],
  options?: FallbackOptions,
): FallbackLockable<L>;
export function withFallback(
  primary: Lockable,
  backups: readonly Lockable[],
  options: FallbackOptions = {},
): FallbackLockable {
  checkOptions(options);
  refuseUnknownOptions(options, { local: true, safeSwitch: true, returnAfterMs: true });
  const { returnAfterMs = 30_000 } = options;
  const settings = {
    hasLocal: checkBoolean("local", options.local ?? false),
    safeSwitch: checkBoolean("safeSwitch", options.safeSwitch ?? true),
    returnAfterMs: checkWholeNumber("returnAfterMs", returnAfterMs, 1, Number.MAX_SAFE_INTEGER),
  };
  return new LockableWithFallback(primary, backups, settings) as Lockable as FallbackLockable;
}

/** After so many changes, a call uses a tier that is not the best one any more, so that tiers that come and go do not hold it up. */
const MAX_CHANGES = 8;

interface Settings {
  readonly hasLocal: boolean;
  readonly safeSwitch: boolean;
  readonly returnAfterMs: number;
}

interface Tier {
  readonly name: FallbackTier;
  readonly lockable: Lockable;
  /** Identifies its client. */
  readonly key: object;
  readonly health: TierHealth;
}

/** One call of a lockable with tiers. */
interface TieredCall<Result> {
  readonly call: Call<Result>;
  readonly options: AcquireOptions | undefined;
  readonly origin: Origin;
  /** The tiers that had no quorum. */
  readonly failed: Set<Tier>;
  /** How often the tier to use has changed while the call waited for it. */
  changes: number;
}

/** The value of a call that has ended, the error of a tier without a quorum, or `changed`: another tier is the one to use. */
type Outcome<Result> = { readonly value: Result } | { readonly unreachable: LockError } | "changed";

class LockableWithFallback extends ComposedLockable {
  readonly #tiers: readonly Tier[];
  readonly #guard: TierGuard;
  readonly #settings: Settings;

  constructor(primary: Lockable, backups: readonly Lockable[], settings: Settings) {
    super(primary);
    checkBackups(primary, backups, settings.hasLocal);
    this.#settings = settings;
    this.#guard = guardOf(keyOf(primary));
    const tiers = [
      tierOf("primary", primary),
      ...backups.map((backup, index) => tierOf(`backup-${index + 1}`, backup)),
    ];
    this.#tiers = settings.hasLocal ? [...tiers, tierOf("local", localTier(originOf(primary)))] : tiers;
  }

  get tier(): FallbackTier {
    return this.#next(new Set())!.name;
  }

  onTierChange(listener: (change: TierChange) => void): () => void {
    checkListener("listener", listener);
    let from = this.#next(new Set())!;
    const onHealth = (): void => {
      const to = this.#next(new Set())!;
      if (to === from) return;
      const change = { from: from.name, to: to.name, error: from.health.failure };
      from = to;
      notify("a listener of the tier", listener, change);
    };
    for (const { health } of this.#tiers) health.listeners.add(onHealth);
    return () => {
      for (const { health } of this.#tiers) health.listeners.delete(onHealth);
    };
  }

  protected override async run<Result>(
    call: Call<Result>,
    options: AcquireOptions | undefined,
  ): Promise<Result> {
    const origin = originOf(this.inner);
    const tiered = { call, options, origin, failed: new Set<Tier>(), changes: 0 };
    await this.#probe(tiered);
    let failure: LockError | undefined;
    for (;;) {
      const tier = this.#next(tiered.failed);
      if (tier === undefined) {
        assert(failure !== undefined, "one tier is tried in any case");
        throw failure;
      }
      const outcome = await this.#enter(tier, tiered);
      if (outcome === "changed") {
        tiered.changes += 1;
        continue;
      }
      if ("value" in outcome) return outcome.value;
      failure = outcome.unreachable;
      tiered.failed.add(tier);
    }
  }

  /** The first tier that is up. The first one at all if every tier is down, because one of them may be up again. */
  #next(failed: ReadonlySet<Tier>): Tier | undefined {
    const untried = this.#tiers.filter((tier) => !failed.has(tier));
    const up = untried.find(({ health }) => !health.isDown);
    return up ?? (this.#tiers.every(({ health }) => health.isDown) ? untried[0] : undefined);
  }

  /** Looks whether tiers that have been down for long enough are up. Only one call at a time does it. */
  async #probe<Result>({ options, origin }: TieredCall<Result>): Promise<void> {
    const { clock } = origin.context;
    origin.resolve(options);
    for (const tier of this.#tiers) {
      const { health, lockable } = tier;
      if (!health.isDown) return;
      if (clock.monotonic() < health.probeAt) continue;
      health.probeAt = Infinity;
      try {
        // Only an attempt shows that the servers vote. Nobody works under this lock, so it may overlap with locks of other tiers.
        const lock = await lockable.tryAcquire(options);
        await lock?.release().catch(() => undefined);
        health.markUp(clock.monotonic());
      } catch (error) {
        health.probeAt = clock.monotonic() + this.#settings.returnAfterMs;
        if (isAnswer(error)) health.markUp(clock.monotonic());
        else if (!isUnreachable(error)) throw error;
      }
    }
  }

  async #enter<Result>(tier: Tier, tiered: TieredCall<Result>): Promise<Outcome<Result>> {
    const { call, origin } = tiered;
    const { waitMs, ttlMs } = origin.resolve(tiered.options);
    const options = tier.name === "local" ? { ...tiered.options, wait: waitMs, ttl: ttlMs } : tiered.options;
    if (!this.#settings.safeSwitch) return this.#acquire(tier, tiered, options, () => undefined);
    const { names, context } = origin;
    const entered = await enterTier({
      origin,
      guard: this.#guard,
      tier: tier.key,
      options,
      isOnce: call.isOnce,
      clearAt: () => this.#clearAt(tier, ttlMs),
      isCurrent: () => tiered.changes >= MAX_CHANGES || this.#next(tiered.failed) === tier,
    });
    if (entered instanceof LockTimeoutError) {
      if (call.isOnce) return { value: call.nothing as Result };
      throw entered;
    }
    if (entered.state === "changed") return "changed";
    const leave = (detachedForMs = -Infinity): void => {
      const now = context.clock.monotonic();
      this.#guard.leave(names, now, now + detachedForMs);
    };
    let keepsTier = false;
    const onGranted = (): ((detachedForMs?: number) => void) | undefined => {
      keepsTier = call.returnsLock;
      return keepsTier ? leave : undefined;
    };
    try {
      return await this.#acquire(tier, tiered, entered.options, onGranted);
    } finally {
      if (!keepsTier) leave();
    }
  }

  /**
   * When the locks of all other tiers have ended, as far as this process knows: those of tiers that went down end a ttl later, and those
   * of lower tiers end a ttl after this one came up again. A better tier that has come up since does not make the wait shorter: the
   * locks that it had granted before may still be held.
   */
  #clearAt(tier: Tier, ttlMs: number): number {
    const index = this.#tiers.indexOf(tier);
    const moments = this.#tiers.map(({ health: { isDown, wentDownAt, maxTtlMs } }, other) => {
      if (other === index) return -Infinity;
      const leftAt = isDown || other < index ? wentDownAt : tier.health.upSince;
      return leftAt === undefined ? -Infinity : leftAt + Math.max(maxTtlMs, ttlMs);
    });
    return Math.max(...moments);
  }

  /** One acquisition in a tier. `onGranted` returns what is called when a lock that the caller keeps has ended. */
  async #acquire<Result>(
    { name, lockable, health }: Tier,
    { call, origin, options: { signal } = {} }: TieredCall<Result>,
    options: AcquireOptions | undefined,
    onGranted: () => ((detachedForMs?: number) => void) | undefined,
  ): Promise<Outcome<Result>> {
    const { clock } = origin.context;
    const wasDown = health.isDown;
    const controller = new AbortController();
    const onAbort = (): void => controller.abort(signal?.reason);
    if (signal?.aborted === true) onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    if (!wasDown) health.inFlight.add(controller);
    let isAcquired = false;
    const stop = (): void => {
      health.inFlight.delete(controller);
      signal?.removeEventListener("abort", onAbort);
    };
    const admit = (lock: Lock): Lock => {
      isAcquired = true;
      stop();
      health.recordTtl(lock.ttl);
      if (wasDown) health.markUp(clock.monotonic());
      const onEnded = onGranted();
      return observeLock(lock, {
        fields: { tier: name, degraded: name !== "primary" },
        onExtend: (ttlMs) => health.recordTtl(ttlMs),
        onEnded: (detachedForMs) => onEnded?.(detachedForMs),
        endsWhenLost: onEnded !== undefined,
      });
    };
    try {
      const outcome = await call.start(lockable, { ...options, signal: controller.signal }, admit);
      assert(outcome !== undefined, "a fallback admits every lock");
      return { value: outcome.value };
    } catch (error) {
      if (isAcquired) throw error;
      // Another call found that the tier has no quorum, and ended this one.
      const { aborted: isAborted, reason } = controller.signal;
      if (isAborted && reason !== signal?.reason) return { unreachable: reason as LockError };
      if (!isUnreachable(error)) throw error;
      const now = clock.monotonic();
      health.markDown(error, now, now + this.#settings.returnAfterMs);
      return { unreachable: error };
    } finally {
      stop();
    }
  }
}

/** Whether the servers refused the lock, so that they can be reached. */
function isAnswer(error: unknown): boolean {
  return (
    error instanceof LockTimeoutError || error instanceof TenantLimitError || error instanceof LockKindError
  );
}

/** Whether too few servers voted. An open circuit breaker knows that from earlier calls. */
function isUnreachable(error: unknown): error is LockError {
  return error instanceof QuorumError || error instanceof CircuitOpenError;
}

function tierOf(name: FallbackTier, lockable: Lockable): Tier {
  return { name, lockable, key: keyOf(lockable), health: healthOf(lockable) };
}

function checkBackups(primary: Lockable, backups: readonly Lockable[], hasLocal: boolean): void {
  if (primary instanceof LockableWithFallback)
    throw new TypeError("primary: it has a fallback already; list all backups in one call of withFallback");
  if (!Array.isArray(backups))
    throw new TypeError(`backups: ${formatValue(backups)} must be an array of lockables`);
  if (backups.length === 0 && !hasLocal)
    throw new RangeError("backups: the array is empty; add a lockable, or set `local: true`");
  const keys = new Set([keyOf(primary)]);
  for (const [index, backup] of (backups as readonly Partial<Lockable>[]).entries()) {
    if (typeof backup?.acquire !== "function")
      throw new TypeError(`backups[${index}]: ${formatValue(backup)} must be a Lockable`);
    const key = keyOf(backup as Lockable);
    if (keys.has(key))
      throw new TypeError(
        `backups[${index}]: it is of the same client as an earlier tier, so it fails together with it; use a client of other servers`,
      );
    keys.add(key);
  }
}
