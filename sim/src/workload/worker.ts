import { getEventListeners } from "node:events";
import {
  LockError,
  LockLostError,
  type Lock,
  type LockDescription,
  type Redlock,
  type Semaphore,
} from "quorumlock";
import type { Checker } from "../invariants/checker.ts";
import type { Grant, Transfer } from "../invariants/grant.ts";
import type { Step } from "../plan/plan.ts";
import type { Host } from "../world/host.ts";
import type { Time } from "../world/time.ts";
import { doJob } from "./job.ts";
import { convert, lockableOf, modesOf } from "./lockable-of.ts";

export interface WorkerContext {
  readonly client: number;
  readonly worker: number;
  readonly host: Host;
  readonly time: Time;
  /** The process that the worker runs in. Its `redlock` can be replaced between two steps. */
  readonly program: { readonly redlock: Redlock };
  readonly checker: Checker;
  /** Runs work as another worker of this or another client, after a time. */
  readonly passOn: (client: number, afterMs: number, run: (context: WorkerContext) => Promise<void>) => void;
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
    await this.#resize();
    const { redlock } = program;
    const { call, names, lock: kind, permits, total, ttlMs, waitMs, autoExtend, abortAfterMs } = this.#step;
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
      ...(kind === "permits" ? { permits: permits ?? 1 } : {}),
    };
    const waitsForever = call !== "tryAcquire" && waitMs === null && abortAfterMs === undefined;
    const attempt = checker.attempts.onAcquire(client, worker, names, waitsForever, modesOf(this.#step), {
      hasPlace: kind !== undefined && kind !== "fair",
      limit: this.#step.maxLocks,
      priority: kind === "fair" && this.#step.maxLocks === undefined ? (this.#step.priority ?? 0) : undefined,
      permits: { wanted: kind === "permits" ? (permits ?? 1) : 0, total: total ?? 1 },
    });
    const lockable = lockableOf(redlock, this.#step);
    try {
      if (call === "using") {
        await lockable.using(options, async (lock) => {
          abort?.cancel();
          const grant = await this.#hold(checker.holds.onGrant(attempt, lock));
          if (await this.#passOn(grant)) return;
          // `using` releases when this function returns, and does not report the result.
          checker.holds.onRelease(grant);
          checker.holds.onReleased(grant, "unreported");
        });
        return;
      }
      const lock = await (call === "tryAcquire" ? lockable.tryAcquire(options) : lockable.acquire(options));
      abort?.cancel();
      if (lock === null) {
        checker.attempts.onRefused(attempt);
        return;
      }
      const grant = await this.#hold(checker.holds.onGrant(attempt, lock));
      if (await this.#passOn(grant)) await this.#checkDetached(grant.lock);
      else await this.#release(grant.lock, grant);
    } catch (error) {
      checker.attempts.onFailed(attempt, error);
    } finally {
      const listeners = getEventListeners(controller.signal, "abort").length;
      if (listeners > 0)
        checker.report("leftovers", `${listeners} listeners are left on the signal of a caller`);
    }
  }

  /** Changes the number of permits, if the step says so. */
  async #resize(): Promise<void> {
    const { names, resizeTo } = this.#step;
    if (resizeTo === undefined) return;
    const { program, checker } = this.#context;
    const change = checker.resizes.onResize(names[0] ?? "", resizeTo);
    try {
      await (lockableOf(program.redlock, this.#step) as Semaphore).resize(resizeTo);
      checker.resizes.onResized(change);
    } catch (error) {
      checker.resizes.onNotResized(change, error);
    }
  }

  /** Returns the grant that the holder has at the end: another one after a conversion. */
  async #hold(granted: Grant): Promise<Grant> {
    const { holdMs, extendToMs = [], converts } = this.#step;
    // Without an extension there are two parts as well, so that kept histories stay the same.
    const partMs = holdMs / Math.max(2, extendToMs.length + 1);
    await doJob(this.#context, this.#step, granted.lock);
    await sleep(this.#context, partMs);
    const grant = converts === true ? await this.#convert(granted) : granted;
    if (extendToMs.length === 0) await sleep(this.#context, partMs);
    for (const ttlMs of extendToMs) {
      await this.#extend(grant.lock, grant, ttlMs);
      await sleep(this.#context, partMs);
    }
    return grant;
  }

  async #convert(grant: Grant): Promise<Grant> {
    const { checker } = this.#context;
    checker.holds.onConvert(grant);
    try {
      return checker.holds.onConverted(grant, await convert(grant.lock));
    } catch (error) {
      if (!(error instanceof LockError)) checker.report("errors", `a conversion threw ${String(error)}`);
      checker.holds.onNotConverted(grant);
      return grant;
    }
  }

  /** Detaches the lock if the step says so. Returns false if the lock stays with this caller. */
  async #passOn(grant: Grant): Promise<boolean> {
    const { passTo } = this.#step;
    if (passTo === undefined) return false;
    const { checker, passOn, time } = this.#context;
    const startedAt = time.now;
    try {
      const description = await grant.lock.detach();
      const transfer = checker.transfers.onDetached(grant, startedAt, description);
      const { passTo: _, extendToMs: __, ...step } = this.#step;
      passOn(passTo.client, passTo.afterMs, (context) => new StepRun(context, step).attach(transfer));
      return true;
    } catch (error) {
      if (!(error instanceof LockError)) checker.report("errors", `detach threw ${String(error)}`);
      return false;
    }
  }

  /** A detached lock sends nothing, and its end throws nothing. */
  async #checkDetached(lock: Lock): Promise<void> {
    const { checker } = this.#context;
    if (await lock.release()) checker.report("release", `${lock.token} was released after it was detached`);
    await lock[Symbol.asyncDispose]();
  }

  /** Attaches a lock that another caller has detached, holds it and releases it. */
  async attach(transfer: Transfer): Promise<void> {
    const { client, worker, program, checker } = this.#context;
    const attempt = checker.transfers.onAttach(transfer, client, worker);
    let lock: Lock;
    try {
      const description = JSON.parse(JSON.stringify(transfer.description)) as LockDescription;
      lock = await program.redlock.attach(description, { autoExtend: this.#step.autoExtend });
    } catch (error) {
      checker.transfers.onNotAttached(attempt, error);
      return;
    }
    const grant = await this.#hold(checker.transfers.onAttached(attempt, lock));
    await this.#release(grant.lock, grant);
  }

  async #extend(lock: Lock, grant: Grant, ttlMs: number): Promise<void> {
    const { checker } = this.#context;
    const attempt = checker.holds.onExtend(grant, ttlMs);
    try {
      await lock.extend(ttlMs);
      checker.holds.onExtended(attempt);
    } catch (error) {
      if (!(error instanceof LockError)) checker.report("errors", `extend threw ${String(error)}`);
      checker.holds.onNotExtended(attempt);
    }
  }

  async #release(lock: Lock, grant: Grant): Promise<void> {
    const { checker } = this.#context;
    if (this.#step.forgets === true) return;
    checker.holds.onRelease(grant);
    if (this.#step.call === "dispose") {
      await this.#dispose(lock);
      // It does not report whether the release was confirmed.
      checker.holds.onReleased(grant, "unreported");
      return;
    }
    try {
      const wasHeld = await lock.release();
      checker.holds.onReleased(grant, wasHeld ? "held" : "ended");
      if (this.#step.releasesTwice === true && (await lock.release())) {
        checker.report("release", `${lock.token} was released twice, and both calls returned true`);
      }
    } catch (error) {
      if (!(error instanceof LockError)) checker.report("errors", `release threw ${String(error)}`);
      checker.holds.onReleased(grant, "unconfirmed");
    }
  }

  /** It throws if, and only if, the lock was lost. */
  async #dispose(lock: Lock): Promise<void> {
    const { checker } = this.#context;
    let thrown: unknown;
    try {
      await lock[Symbol.asyncDispose]();
    } catch (error) {
      thrown = error;
    }
    const { aborted, reason } = lock.signal;
    const isLoss = thrown === undefined ? !aborted : thrown === reason && thrown instanceof LockLostError;
    if (!isLoss)
      checker.report("errors", `a block ended with ${String(thrown)}, its lock with ${String(reason)}`);
  }
}
