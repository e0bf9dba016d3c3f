import { LockError, type Lock, type Redlock } from "quorumlock";
import type { Step } from "../plan/plan.ts";
import type { Grant, Referee } from "../invariants/referee.ts";
import type { Host } from "../world/host.ts";
import type { Time } from "../world/time.ts";

export interface WorkerContext {
  readonly client: number;
  readonly worker: number;
  readonly host: Host;
  readonly time: Time;
  /** It may be started anew between two steps. */
  readonly program: { readonly redlock: Redlock };
  readonly referee: Referee;
}

/** Does one thing after the other, and tells the referee of each call and how it ended. */
export async function work(context: WorkerContext, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    await new StepRun(context, step).run();
    if (step.restMs > 0) await sleep(context, step.restMs);
  }
}

function sleep({ host }: WorkerContext, ms: number): Promise<void> {
  return new Promise((resolve) => {
    host.at(host.clock.after(ms), resolve);
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
    const { client, worker, host, program, referee } = this.#context;
    const { redlock } = program;
    const { call, names, ttlMs, waitMs, autoExtend, abortAfterMs } = this.#step;
    const controller = new AbortController();
    const abort =
      abortAfterMs === undefined
        ? undefined
        : host.at(host.clock.after(abortAfterMs), () => controller.abort(new Error("the caller gave up")));
    const signal = abortAfterMs === undefined ? {} : { signal: controller.signal };
    const options = {
      ttl: ttlMs,
      wait: waitMs ?? Infinity,
      autoExtend,
      owner: `${client}/${worker}`,
      ...signal,
    };
    const wants = call !== "tryAcquire" && waitMs === null && abortAfterMs === undefined;
    const attempt = referee.asksFor(client, worker, names, wants);
    try {
      if (call === "using") {
        await redlock.using(names, options, async (lock) => {
          abort?.cancel();
          const grant = referee.granted(attempt, lock);
          await this.#hold(lock, grant);
          // `using` releases as soon as this returns, and does not tell how that went.
          referee.releases(grant);
          referee.released(grant, "untold");
        });
        return;
      }
      const lock = await (call === "tryAcquire"
        ? redlock.tryAcquire(names, options)
        : redlock.acquire(names, options));
      abort?.cancel();
      if (lock === null) {
        referee.refused(attempt);
        return;
      }
      const grant = referee.granted(attempt, lock);
      await this.#hold(lock, grant);
      await this.#giveBack(lock, grant);
    } catch (error) {
      referee.failed(attempt, error);
    }
  }

  async #hold(lock: Lock, grant: Grant): Promise<void> {
    const { holdMs, extendToMs } = this.#step;
    await sleep(this.#context, holdMs / 2);
    if (extendToMs !== undefined) await this.#extend(lock, grant, extendToMs);
    await sleep(this.#context, holdMs / 2);
  }

  async #extend(lock: Lock, grant: Grant, ttlMs: number): Promise<void> {
    const { referee } = this.#context;
    const attempt = referee.asksForMore(grant, ttlMs);
    try {
      await lock.extend(ttlMs);
      referee.extended(attempt);
    } catch (error) {
      if (!(error instanceof LockError)) referee.violated("errors", `extend threw ${String(error)}`);
      referee.notExtended(attempt);
    }
  }

  async #giveBack(lock: Lock, grant: Grant): Promise<void> {
    const { referee } = this.#context;
    if (this.#step.forgets === true) return;
    referee.releases(grant);
    if (this.#step.call === "dispose") {
      // It never rejects, and tells nothing.
      await lock[Symbol.asyncDispose]();
      referee.released(grant, "untold");
      return;
    }
    try {
      const held = await lock.release();
      referee.released(grant, held ? "held" : "ended");
      if (this.#step.releasesTwice === true && (await lock.release())) {
        referee.violated("release", `${lock.token} was released twice, and both said that it was held`);
      }
    } catch (error) {
      if (!(error instanceof LockError)) referee.violated("errors", `release threw ${String(error)}`);
      referee.released(grant, "unconfirmed");
    }
  }
}
