import { type Origin, originOf } from "../acquiring/origin.ts";
import { assert } from "../base/assert.ts";
import { checkWholeNumber } from "../base/check-whole-number.ts";
import { refuseUnknownOptions } from "../base/known-options.ts";
import { resourceClassOf } from "../base/resource-class.ts";
import { type AcquireOptions, checkOptions } from "../base/options.ts";
import { checkBoolean, formatValue } from "../base/check-value.ts";
import { type Call, ComposedLockable } from "../compositions/composed-lockable.ts";
import type { Lock, Lockable } from "../lockable.ts";
import { HoldTimes, MAX_FACTOR } from "./hold-times.ts";
import { observeLock } from "./observed-lock.ts";
import { SharedHoldTimes } from "./shared-hold-times.ts";
import type { Wrapped } from "./wrapped.ts";

/** Options of `AdaptiveTtl` and `withAdaptiveTtl`. */
export interface AdaptiveTtlOptions {
  /**
   * The ttl until a class has 10 holds, and the smallest ttl after that, in ms. The largest is 10 times as long. A whole number from 3
   * to 259_200_000 (3 days).
   * @default the `ttl` of the lockable's client
   */
  readonly base?: number | undefined;
  /**
   * The class of a name. Names of one class have their hold times in common.
   * @default the name with `*` for each part that looks like an id: `order:42` is `order:*`
   */
  readonly classOf?: ((name: string) => string) | undefined;
  /**
   * How many classes are kept. The class that was not used for the longest time is dropped. A whole number from 1 to 10,000.
   * @default 200
   */
  readonly maxClasses?: number | undefined;
  /**
   * Whether processes share their hold times, so that a new process does not begin with the base. The processes leave a small summary of
   * each class on the instances: 10 or more holds are needed, one write a minute at most, and it expires after a day.
   * @default false
   */
  readonly shared?: boolean | undefined;
}

/** The hold times of one class. All times are in milliseconds. */
export interface HoldStatistics {
  /** The class. */
  readonly resource: string;
  /** How many holds the numbers are made of: the latest ones, at most 100. */
  readonly sampleCount: number;
  /** The mean of the hold times. */
  readonly meanExecutionTime: number;
  /** The median of the hold times. */
  readonly medianExecutionTime: number;
  /** The longest hold time. */
  readonly maxExecutionTime: number;
  /** The shortest hold time. */
  readonly minExecutionTime: number;
  /** The ttl of the next lock of this class. */
  readonly recommendedTtl: number;
}

/** The hold times of the class of one acquisition. */
interface ClassTimes {
  readonly recommendedTtlMs: number;
  onGranted(): void;
  record(heldMs: number): void;
}

const MAX_BASE_MS = (30 * 24 * 3_600_000) / MAX_FACTOR;

/** Acquires with the ttl of the class of a name, and records the hold time. Both builds of the library use the same symbol. */
const TIMES_OF = Symbol.for("quorumlock.adaptiveTtl");

/**
 * The hold times of locks, by class. One object serves any number of lockables, so make one for a program and keep it:
 * `withAdaptiveTtl(lockable, adaptive)`.
 */
export class AdaptiveTtl {
  readonly #baseMs: number | undefined;
  readonly #classOf: (name: string) => string;
  readonly #maxClasses: number;
  readonly #shared: SharedHoldTimes | undefined;
  /** By class, the one that was used last at the end. */
  readonly #classes = new Map<string, HoldTimes>();

  /** @throws TypeError, RangeError for bad options, with the field and the value. */
  constructor(options: AdaptiveTtlOptions = {}) {
    checkOptions(options);
    refuseUnknownOptions(options, { base: true, classOf: true, maxClasses: true, shared: true });
    const { base, classOf = resourceClassOf, maxClasses = 200 } = options;
    if (base !== undefined) checkWholeNumber("base", base, 3, MAX_BASE_MS);
    if (typeof classOf !== "function")
      throw new TypeError(`classOf: ${formatValue(classOf)} must be a function from a name to a class`);
    this.#baseMs = base;
    this.#classOf = classOf;
    this.#shared = checkBoolean("shared", options.shared ?? false) ? new SharedHoldTimes() : undefined;
    this.#maxClasses = checkWholeNumber("maxClasses", maxClasses, 1, 10_000);
  }

  /** How many classes are kept. */
  get size(): number {
    return this.#classes.size;
  }

  /**
   * The hold times of the class of a name. `undefined` if no lock of the class has ended yet, or if the class was dropped.
   * @throws TypeError if `classOf` does not return a string.
   */
  statistics(name: string): HoldStatistics | undefined {
    const resource = this.#classOfAll([name]);
    const times = this.#classes.get(resource);
    if (times === undefined || times.size === 0) return undefined;
    return {
      resource,
      sampleCount: times.size,
      meanExecutionTime: times.meanMs,
      medianExecutionTime: times.medianMs,
      maxExecutionTime: times.maxMs,
      minExecutionTime: times.minMs,
      recommendedTtl: times.recommendedTtlMs,
    };
  }

  [TIMES_OF](origin: Origin): ClassTimes {
    const { names, context } = origin;
    const resource = this.#classOfAll(names);
    const clientTtlMs = origin.resolve(undefined).ttlMs;
    const baseMs = this.#baseMs ?? Math.min(clientTtlMs, MAX_BASE_MS);
    const times = this.#classes.get(resource) ?? new HoldTimes(baseMs);
    times.baseMs = baseMs;
    this.#classes.delete(resource);
    this.#classes.set(resource, times);
    const [oldest] = this.#classes.keys();
    if (this.#classes.size > this.#maxClasses && oldest !== undefined) this.#classes.delete(oldest);
    const shared = this.#shared;
    return {
      recommendedTtlMs: times.recommendedTtlMs,
      onGranted: () => shared?.onGranted(resource, times, context),
      record(heldMs) {
        times.record(heldMs);
        shared?.onRecorded(resource, times, context);
      },
    };
  }

  /** The classes of several names that are locked at once are one class. */
  #classOfAll(names: readonly string[]): string {
    const classes = names.map((name) => {
      const resource: unknown = this.#classOf(name);
      if (typeof resource === "string") return resource;
      throw new TypeError(`classOf: it returned ${formatValue(resource)}; it must return a string`);
    });
    return [...new Set(classes)].join(", ");
  }
}

/**
 * Chooses the ttl of each lock by how long locks of the same class were held: (95th percentile + 2 standard deviations) × 3, from `base`
 * to 10 × `base`. A call with a `ttl` of its own keeps it. A hold counts from the grant to the release, or to the end of the routine.
 * The hold times are those of this process.
 *
 * ```ts
 * import { AdaptiveTtl, withAdaptiveTtl } from "quorumlock";
 *
 * const adaptive = new AdaptiveTtl({ base: 5_000 });
 * await withAdaptiveTtl(redlock.mutex("order:42"), adaptive).using({ autoExtend: false }, work);
 * console.log(adaptive.statistics("order:42"));
 * ```
 *
 * @param adaptive the object that keeps the hold times, or options for a new one that only this lockable uses.
 * @throws TypeError, RangeError for a bad argument, with the field and the value.
 */
export function withAdaptiveTtl<T extends Lockable>(
  lockable: T,
  adaptive: AdaptiveTtl | AdaptiveTtlOptions = {},
): AdaptiveLockable<T> {
  const shared = isAdaptiveTtl(adaptive) ? adaptive : new AdaptiveTtl(adaptive);
  return new LockableWithAdaptiveTtl(lockable, shared) as Lockable as AdaptiveLockable<T>;
}

/** A lockable whose locks have a ttl by their hold times. */
export type AdaptiveLockable<T extends Lockable = Lockable> = Wrapped<T> & {
  /** `statistics` of its `AdaptiveTtl`, by default for its own name. */
  statistics(name?: string): HoldStatistics | undefined;
};

function isAdaptiveTtl(value: unknown): value is AdaptiveTtl {
  return typeof value === "object" && value !== null && TIMES_OF in value;
}

class LockableWithAdaptiveTtl extends ComposedLockable {
  readonly #adaptive: AdaptiveTtl;

  constructor(inner: Lockable, adaptive: AdaptiveTtl) {
    super(inner);
    this.#adaptive = adaptive;
  }

  statistics(name: string = this.name): HoldStatistics | undefined {
    return this.#adaptive.statistics(name);
  }

  protected override async run<Result>(
    call: Call<Result>,
    options: AcquireOptions | undefined,
  ): Promise<Result> {
    // The options are copied below, and the copy of a number or of a signal would be an object without options.
    if (options !== undefined) checkOptions(options);
    const origin = originOf(this.inner);
    const { clock } = origin.context;
    const ttl = options?.ttl ?? this.#adaptive[TIMES_OF](origin).recommendedTtlMs;
    let acquiredAt: number | undefined;
    const record = (): void => {
      if (acquiredAt !== undefined) this.#adaptive[TIMES_OF](origin).record(clock.monotonic() - acquiredAt);
    };
    const admit = (lock: Lock): Lock => {
      acquiredAt = clock.monotonic();
      this.#adaptive[TIMES_OF](origin).onGranted();
      if (!call.returnsLock) return lock;
      // A detached lock is held on in another process, so how long this one held it says nothing.
      return observeLock(lock, { onEnded: (detachedForMs) => detachedForMs ?? record() });
    };
    try {
      const outcome = await call.start(this.inner, { ...options, ttl }, admit);
      assert(outcome !== undefined, "an adaptive ttl admits every lock");
      return outcome.value;
    } finally {
      if (!call.returnsLock) record();
    }
  }
}
