import { toError, LockReentrantError, LockTimeoutError } from "../base/errors.ts";
import { type AcquireOptions, resolveAcquireOptions, type ResolvedOptions } from "../base/options.ts";
import type { ReentrancyGuard } from "../base/reentrancy-guard.ts";
import { type Lock, type Lockable, type Routine, runUnder } from "../lockable.ts";
import type { LockKind } from "../operations/kind.ts";
import { type AcquiringContext, Acquisition } from "./acquisition.ts";

/** The parts of the client that a lockable uses. */
export interface LockingContext extends AcquiringContext {
  readonly options: ResolvedOptions;
  /** Set only with `diagnostics: true`. */
  readonly reentrancy: ReentrancyGuard | undefined;
}

/** The `Lockable` of one target of one kind of lock. Checks the options of each call and starts an acquisition. */
export class Acquirable<Target> implements Lockable {
  readonly #context: LockingContext;
  readonly #kind: LockKind;
  readonly #target: Target;

  constructor(context: LockingContext, kind: LockKind<Target>, target: Target) {
    this.#context = context;
    this.#kind = kind;
    this.#target = target;
  }

  get name(): string {
    return this.#names.join(", ");
  }

  acquire(options?: AcquireOptions): Promise<Lock> {
    return this.#acquire(options, "wait");
  }

  async tryAcquire(options?: AcquireOptions): Promise<Lock | null> {
    try {
      return await this.#acquire(options, "once");
    } catch (error) {
      if (error instanceof LockTimeoutError) return null;
      throw error;
    }
  }

  using<T>(routine: Routine<T>): Promise<T>;
  using<T>(options: AcquireOptions, routine: Routine<T>): Promise<T>;
  async using<T>(first: AcquireOptions | Routine<T>, second?: Routine<T>): Promise<T> {
    const [options, routine] = typeof first === "function" ? [undefined, first] : [first, second];
    if (typeof routine !== "function")
      throw new TypeError("using: the last argument must be a function to run under the lock");
    const lock = await this.#acquire(options, "using");
    const { reentrancy } = this.#context;
    return reentrancy === undefined
      ? runUnder(lock, routine)
      : reentrancy.runHolding(this.#names, () => runUnder(lock, routine));
  }

  get #names(): readonly string[] {
    return this.#kind.names(this.#target);
  }

  #acquire(callOptions: AcquireOptions | undefined, mode: "wait" | "once" | "using"): Promise<Lock> {
    const { reentrancy, options: defaults } = this.#context;
    try {
      const resolved = resolveAcquireOptions(callOptions, defaults, mode === "using");
      const options = mode === "once" ? { ...resolved, waitMs: 0 } : resolved;
      const held = reentrancy?.findHeld(this.#names);
      if (held !== undefined) throw new LockReentrantError(this.#names, held);
      const lockedNames = mode === "using" ? undefined : reentrancy?.trackContext();
      const request = { kind: this.#kind, target: this.#target, options, lockedNames };
      return new Acquisition(this.#context, request).start();
    } catch (error) {
      return Promise.reject(toError(error));
    }
  }
}
