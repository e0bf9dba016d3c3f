import { LockTimeoutError } from "../base/errors.ts";
import { INSPECT } from "../base/inspect.ts";
import { withCallerStack } from "../base/caller-stack.ts";
import { toError } from "../base/to-error.ts";
import {
  type AcquireOptions,
  checkOptions,
  type ResolvedAcquireOptions,
  resolveAcquireOptions,
  type ResolvedOptions,
} from "../base/options.ts";
import type { Diagnostics } from "../diagnostics/diagnostics.ts";
import { latestOf } from "../holding/convertible-lock.ts";
import { HeldLock, type LockClass } from "../holding/lock.ts";
import { type Lockable, type LockState, type Routine, runUnder, type TryResult } from "../lockable.ts";
import type { LockKind } from "../operations/kind.ts";
import type { AcquiringContext } from "./acquiring-context.ts";
import type { AcquireRequest } from "./acquire-call.ts";
import { Acquisition } from "./acquisition.ts";
import { queryLock } from "./query-lock.ts";
import { type Origin, ORIGIN, type WaitingContext } from "./origin.ts";
import type { Scope } from "./scope.ts";

/** The parts of the client that a lockable uses. */
export interface LockingContext extends AcquiringContext, WaitingContext {
  readonly options: ResolvedOptions;
  /** Set only with `diagnostics: true`. */
  readonly diagnostics: Diagnostics | undefined;
}

/** What an acquirable has beyond the mutex. */
export interface AcquirableParts<L extends HeldLock = HeldLock> {
  /** The class of its locks, if they have more methods than other locks. */
  readonly lockClass?: LockClass<L>;
  readonly scope?: Scope | undefined;
}

/** The `Lockable` of one target of one kind of lock. Checks the options of each call and starts an acquisition. */
export class Acquirable<Target, L extends HeldLock = HeldLock> implements Lockable<L> {
  readonly #context: LockingContext;
  readonly #kind: LockKind;
  readonly #target: Target;
  readonly #lockClass: LockClass<L>;
  readonly #scope: Scope | undefined;

  constructor(
    context: LockingContext,
    kind: LockKind<Target>,
    target: Target,
    { lockClass = HeldLock as LockClass<L>, scope }: AcquirableParts<L> = {},
  ) {
    this.#context = context;
    this.#kind = kind;
    this.#target = target;
    this.#lockClass = lockClass;
    this.#scope = scope;
  }

  get name(): string {
    return this.#names.join(", ");
  }

  acquire(options?: AcquireOptions): Promise<L> {
    return this.#acquire(options, { once: false, forRoutine: false });
  }

  async tryAcquire(options?: AcquireOptions): Promise<L | null> {
    try {
      return await this.#acquire(options, { once: true, forRoutine: false });
    } catch (error) {
      if (error instanceof LockTimeoutError) return null;
      throw withCallerStack(error);
    }
  }

  using<T>(routine: Routine<T, L>): Promise<T>;
  using<T>(options: AcquireOptions, routine: Routine<T, L>): Promise<T>;
  async using<T>(first: AcquireOptions | Routine<T, L>, second?: Routine<T, L>): Promise<T> {
    const [options, routine] = splitArguments("using", first, second);
    try {
      return await this.#runUnder(await this.#acquire(options, { once: false, forRoutine: true }), routine);
    } catch (error) {
      throw withCallerStack(error);
    }
  }

  tryUsing<T>(routine: Routine<T, L>): Promise<TryResult<T>>;
  tryUsing<T>(options: AcquireOptions, routine: Routine<T, L>): Promise<TryResult<T>>;
  async tryUsing<T>(first: AcquireOptions | Routine<T, L>, second?: Routine<T, L>): Promise<TryResult<T>> {
    const [options, routine] = splitArguments("tryUsing", first, second);
    let lock: L | undefined;
    try {
      lock = await this.#acquire(options, { once: true, forRoutine: true });
      return { acquired: true, value: await this.#runUnder(lock, routine) };
    } catch (error) {
      if (lock === undefined && error instanceof LockTimeoutError) return { acquired: false };
      throw withCallerStack(error);
    }
  }

  async query(): Promise<LockState> {
    try {
      return (await queryLock(this.#context, this.#kind, this.#target)).state;
    } catch (error) {
      throw withCallerStack(error);
    }
  }

  #runUnder<T>(lock: L, routine: Routine<T, L>): Promise<T> {
    const { diagnostics } = this.#context;
    return diagnostics === undefined
      ? runUnder(lock, routine, () => latestOf(lock))
      : diagnostics.runRoutine(lock, () => runUnder(lock, routine, () => latestOf(lock)));
  }

  [ORIGIN](): Origin {
    const context = this.#context;
    return {
      names: this.#names,
      context,
      resolve: (options) => this.prepare(options).options,
    };
  }

  [INSPECT](): string {
    return `Lockable { name: ${JSON.stringify(this.name)} }`;
  }

  get #names(): readonly string[] {
    return this.#kind.names(this.#target);
  }

  /** The target and the options of one call. */
  protected prepare(callOptions: AcquireOptions | undefined): {
    readonly target: Target;
    readonly options: ResolvedAcquireOptions;
  } {
    return { target: this.#target, options: resolveAcquireOptions(callOptions, this.#context.options) };
  }

  /** `once`: without a wait. `forRoutine`: the lock counts for the routine, not for the caller's context (`diagnostics`). */
  #acquire(
    callOptions: AcquireOptions | undefined,
    { once, forRoutine }: { readonly once: boolean; readonly forRoutine: boolean },
  ): Promise<L> {
    const { diagnostics } = this.#context;
    try {
      const { target, options: resolved } = this.prepare(callOptions);
      const options = once ? { ...resolved, waitMs: 0, isDefaultWait: false } : resolved;
      const watch = diagnostics?.watch({
        names: this.#names,
        namesToWaitFor: this.#kind.namesToWaitFor?.(target) ?? this.#names,
        ttlMs: options.ttlMs,
        autoExtend: options.autoExtend,
        waitMs: options.waitMs,
        isForContext: !forRoutine,
      });
      const request = {
        kind: this.#kind,
        target,
        options,
        watch,
        lockClass: this.#lockClass,
      };
      const lock = this.begin(request) as Promise<L>;
      return diagnostics === undefined || forRoutine ? lock : diagnostics.objectWhenGranted(lock);
    } catch (error) {
      return Promise.reject(toError(error));
    }
  }

  /** Begins one acquisition. */
  protected begin(request: AcquireRequest): Promise<HeldLock> {
    const scoped = this.#scope === undefined ? request : { ...request, ...this.#scope(request) };
    return new Acquisition(this.#context, scoped).start();
  }
}

/** @throws TypeError if the routine is not a function, or the options are a number. */
export function splitArguments<R extends (...args: never[]) => unknown>(
  method: string,
  first: AcquireOptions | R,
  second: R | undefined,
): readonly [AcquireOptions | undefined, R] {
  const [options, routine] = typeof first === "function" ? [undefined, first] : [first, second];
  if (typeof first === "function" && second !== undefined)
    throw new TypeError(`${method}: the options must come before the function`);
  if (typeof first === "number") checkOptions(first);
  if (typeof routine !== "function")
    throw new TypeError(`${method}: the last argument must be a function to run under the lock`);
  return [options, routine];
}
