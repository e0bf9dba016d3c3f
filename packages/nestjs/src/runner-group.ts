import type { LockRunner } from "./lock-runner.ts";
import { processWide } from "./process-wide.ts";

const groups = processWide("runner-groups", () => new WeakMap<object, RunnerGroup>());

/**
 * The runners of all clients of an application. They stop together, because a method of one client can call a method of another: no
 * client may close while such a method runs.
 */
export class RunnerGroup {
  readonly #runners = new Set<LockRunner>();

  /** @param application an object that there is once in an application. */
  static of(application: object): RunnerGroup {
    const group = groups.get(application) ?? new RunnerGroup();
    groups.set(application, group);
    return group;
  }

  add(runner: LockRunner): void {
    this.#runners.add(runner);
  }

  /** Closes all clients, if the application does not start. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#runners].map(({ redlock }) => redlock.close()));
  }

  stop(): void {
    for (const runner of this.#runners) runner.stop();
  }

  /** Resolves when no call of any client runs. */
  async untilIdle(): Promise<void> {
    while ([...this.#runners].some(({ runningCount }) => runningCount > 0))
      await Promise.all([...this.#runners].map((runner) => runner.untilIdle()));
  }
}
