import type { Bug } from "../bug.ts";

/** Events that do not tell the course of a lock. */
export const eventsBugs: readonly Bug[] = [
  {
    name: "an acquisition that fails does not say that it has stopped waiting",
    file: "acquiring/acquisition.ts",
    find: "    this.#reportWaitEnd();\n    this.#reportFailure",
    replace: "    this.#reportFailure",
    caughtBy: { profile: "calm" },
  },
  {
    name: "a caller that waits again says so again",
    file: "acquiring/acquisition.ts",
    find: "    if (this.#waitingSince !== undefined) return;\n",
    replace: "",
    caughtBy: { profile: "calm" },
  },
  {
    name: "a call of a fallback that fails says so before it has stopped waiting",
    file: "compositions/caller-wait.ts",
    find: "    this.#endWaiting();\n    reportFailure(",
    replace: "    reportFailure(",
    caughtBy: { tests: "packages/quorumlock/test/base/lock-events.test.ts" },
  },
  {
    name: "a lock that was converted begins a new course",
    file: "holding/lock.ts",
    find: "    const { id, grantedAt } = this;\n",
    replace: "    const { grantedAt } = this;\n    const id = this.#context.events.nextId();\n",
    caughtBy: { profile: "modes" },
  },
  {
    name: "a release of a converted lock counts from the conversion",
    file: "holding/lock.ts",
    find: "    this.grantedAt = grantedAt ?? context.clock.monotonic();",
    replace: "    this.grantedAt = context.clock.monotonic();",
    caughtBy: { tests: "packages/quorumlock/test/base/lock-events.test.ts" },
  },
  {
    name: "a hand-over names the token that was not replaced",
    file: "quorum/attempt.ts",
    find: "this.hasReplaced ? this.#options.previous?.token : undefined",
    replace: "this.hasReplaced ? this.#hold.token : undefined",
    caughtBy: { tests: "packages/quorumlock/test/base/lock-events.test.ts" },
  },
];
