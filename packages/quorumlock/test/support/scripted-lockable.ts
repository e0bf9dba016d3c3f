import { ORIGIN, originOf } from "../../src/acquiring/origin.ts";
import {
  type AcquireOptions,
  type Lock,
  type Lockable,
  LockTimeoutError,
  QuorumError,
} from "../../src/index.ts";
import { type World, world } from "./world.ts";

/** What one acquisition does: acquires the lock, finds it held, finds no quorum, or throws. `pending` ends only by its signal. */
export type Step = "granted" | "held" | "unreachable" | "pending" | Error;

/** A lockable whose acquisitions follow a script, on the clock and the client of a world. After the script, it acquires. */
export class ScriptedLockable {
  readonly world: World;
  readonly steps: Step[];
  /** One entry for each acquisition: when it began, and its options. */
  readonly calls: { readonly at: number; readonly options: AcquireOptions | undefined }[] = [];
  readonly lockable: Lockable;

  constructor(steps: readonly Step[] = [], base: World = world(), name = "a") {
    this.world = base;
    this.steps = [...steps];
    const mutex = base.redlock.mutex(name);
    const step = (options?: AcquireOptions): Step => {
      this.calls.push({ at: base.clock.monotonic(), options });
      return this.steps.shift() ?? "granted";
    };
    const acquire = async (options?: AcquireOptions): Promise<Lock> => {
      const next = step(options);
      if (next === "granted") return mutex.acquire({ ...options });
      if (next === "pending") return pending(options?.signal);
      throw next === "held" ? timeoutError() : next === "unreachable" ? noQuorum() : next;
    };
    const tryAcquire = async (options?: AcquireOptions): Promise<Lock | null> => {
      if (this.steps[0] === "held") return (step(options), null);
      return acquire(options);
    };
    const using = async <T>(options: AcquireOptions, routine: (lock: Lock) => Promise<T> | T): Promise<T> => {
      await using lock = await acquire(options);
      return await routine(lock);
    };
    const tryUsing = async <T>(options: AcquireOptions, routine: (lock: Lock) => Promise<T> | T) => {
      await using lock = await tryAcquire(options);
      if (lock === null) return { acquired: false } as const;
      return { acquired: true, value: await routine(lock) } as const;
    };
    const parts = { name, acquire, tryAcquire, using, tryUsing, query: () => mutex.query() };
    this.lockable = { ...parts, [ORIGIN]: () => originOf(mutex) } as unknown as Lockable;
  }

  /** The times between the beginnings of the acquisitions. */
  get gaps(): readonly number[] {
    return this.calls.slice(1).map(({ at }, index) => at - this.calls[index]!.at);
  }
}

export function noQuorum(): QuorumError {
  return new QuorumError(["a"], "too few instances answered", []);
}

export function timeoutError(): LockTimeoutError {
  return new LockTimeoutError(["a"], 1, undefined, []);
}

function pending(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}
