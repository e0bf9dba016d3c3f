import { getEventListeners } from "node:events";
import { LockError, type Lock, type Redlock } from "quorumlock";
import type { Checker, Grant } from "../invariants/checker.ts";
import type { Step } from "../plan/plan.ts";
import type { Host } from "../world/host.ts";
import type { Time } from "../world/time.ts";
import { convert, lockableOf, modesOf } from "./lockable-of.ts";

export interface WorkerContext {
  readonly client: number;
  readonly worker: number;
  readonly host: Host;
  readonly time: Time;
  /** The process that the worker runs in. Its `redlock` can be replaced between two steps. */
  readonly program: { readonly redlock: Redlock };
  readonly checker: Checker;
}

/** Runs the steps one after the other, and reports each call and its result to the checker. */
export async function work(context: WorkerContext, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    await new StepRun(context, step).run();
    if (step.restMs > 0) await sleep(context, step.restMs);
  }
}

function sleep({ host }: WorkerContext, ms: number): Promise<void> {
  return new Promise((resolve) => {
    host.schedule(host.clock.after(ms), resolve);
  });
}

class StepRun {
  readonly #context: WorkerContext;
  readonly #step: Step;

  constructor(context: WorkerContext, step: Step) {
    this.#context = context;
    this.#step = step;
  }

  async run(): Promise<void> {
    const { client, worker, host, program, checker } = this.#context;
    const { redlock } = program;
    const { call, names, ttlMs, waitMs, autoExtend, abortAfterMs } = this.#step;
    const controller = new AbortController();
    const abort =
      abortAfterMs === undefined
        ? undefined
        : host.schedule(host.clock.after(abortAfterMs), () =>
            controller.abort(new Error("the caller aborted the wait")),
          );
    const signal = abortAfterMs === undefined ? {} : { signal: controller.signal };
    const options = {
      ttl: ttlMs,
      wait: waitMs ?? Infinity,
      autoExtend,
      owner: `${client}/${worker}`,
      ...signal,
    };
    const waitsForever = call !== "tryAcquire" && waitMs === null && abortAfterMs === undefined;
    const attempt = checker.onAcquire(client, worker, names, waitsForever, modesOf(this.#step));
    if (this.#step.lock === "fair") checker.order.onCall(attempt, this.#step.priority ?? 0);
    const lockable = lockableOf(redlock, this.#step);
    try {
      if (call === "using") {
        await lockable.using(options, async (lock) => {
          abort?.cancel();
          const grant = await this.#hold(lock, checker.onGrant(attempt, lock));
          // `using` releases when this function returns, and does not report the result.
          checker.onRelease(grant);
          checker.onReleased(grant, "unreported");
        });
        return;
      }
      const lock = await (call === "tryAcquire" ? lockable.tryAcquire(options) : lockable.acquire(options));
      abort?.cancel();
      if (lock === null) {
        checker.onRefused(attempt);
        return;
      }
      const grant = await this.#hold(lock, checker.onGrant(attempt, lock));
      await this.#release(grant.lock, grant);
    } catch (error) {
      checker.onFailed(attempt, error);
    } finally {
      const listeners = getEventListeners(controller.signal, "abort").length;
      if (listeners > 0)
        checker.report("leftovers", `${listeners} listeners are left on the signal of a caller`);
    }
  }

  /** Returns the grant that the holder has at the end: another one after a conversion. */
  async #hold(lock: Lock, granted: Grant): Promise<Grant> {
    const { holdMs, extendToMs, converts } = this.#step;
    await sleep(this.#context, holdMs / 2);
    if (extendToMs !== undefined) await this.#extend(lock, granted, extendToMs);
    const grant = converts === true ? await this.#convert(granted) : granted;
    await sleep(this.#context, holdMs / 2);
    return grant;
  }

  async #convert(grant: Grant): Promise<Grant> {
    const { checker } = this.#context;
    const isDowngrade = grant.modes[0] === "X";
    // The writer does not rely on its lock from the moment of sending.
    if (isDowngrade) checker.onDowngrade(grant);
    try {
      return checker.onConverted(grant, await convert(grant.lock));
    } catch (error) {
      if (!(error instanceof LockError)) checker.report("errors", `a conversion threw ${String(error)}`);
      return grant;
    }
  }

  async #extend(lock: Lock, grant: Grant, ttlMs: number): Promise<void> {
    const { checker } = this.#context;
    const attempt = checker.onExtend(grant, ttlMs);
    try {
      await lock.extend(ttlMs);
      checker.onExtended(attempt);
    } catch (error) {
      if (!(error instanceof LockError)) checker.report("errors", `extend threw ${String(error)}`);
      checker.onNotExtended(attempt);
    }
  }

  async #release(lock: Lock, grant: Grant): Promise<void> {
    const { checker } = this.#context;
    if (this.#step.forgets === true) return;
    checker.onRelease(grant);
    if (this.#step.call === "dispose") {
      // It never rejects, and it does not report the result.
      await lock[Symbol.asyncDispose]();
      checker.onReleased(grant, "unreported");
      return;
    }
    try {
      const wasHeld = await lock.release();
      checker.onReleased(grant, wasHeld ? "held" : "ended");
      if (this.#step.releasesTwice === true && (await lock.release())) {
        checker.report("release", `${lock.token} was released twice, and both calls returned true`);
      }
    } catch (error) {
      if (!(error instanceof LockError)) checker.report("errors", `release threw ${String(error)}`);
      checker.onReleased(grant, "unconfirmed");
    }
  }
}
