import type { Bug } from "../bug.ts";

/** Bugs in held locks, and the clocks and options that they use. */
export const holdingBugs: readonly Bug[] = [
  {
    name: "the drift allowance is zero",
    file: "base/options.ts",
    find: "return ttlMs * driftFactor + RESOLUTION_MS;",
    replace: "return 0;",
    caughtBy: { profile: "clocks" },
  },
  {
    name: "elapsed time uses the wall clock only",
    file: "base/clock.ts",
    find: "return Math.max(clock.monotonic() - start.monotonic, clock.wall() - start.wall);",
    replace: "return clock.wall() - start.wall;",
    caughtBy: { tests: "packages/quorumlock/test/holding/lock.test.ts" },
  },
  {
    name: "elapsed time uses the monotonic clock only",
    file: "base/clock.ts",
    find: "return Math.max(clock.monotonic() - start.monotonic, clock.wall() - start.wall);",
    replace: "return clock.monotonic() - start.monotonic;",
    caughtBy: { tests: "packages/quorumlock/test/holding/lock.test.ts" },
  },
  {
    name: "a lock extends itself after its release",
    file: "holding/lock.ts",
    find: "    this.#context.unregister(this);",
    replace:
      "    if (this.#autoExtend)\n      this.#context.clock.setTimer(50, () => void this.#hold.extend(this.#ttlMs), false);\n    this.#context.unregister(this);",
    caughtBy: {},
  },
  {
    name: "an extension counts although it was confirmed after the lease had ended",
    file: "holding/lock.ts",
    find: '    this.checkHeld("its lease ended during the extension", "it was released meanwhile");\n',
    replace: "",
    caughtBy: { tests: "packages/quorumlock/test/holding/lock.test.ts" },
  },
  {
    name: "the signal of a lost lock does not fire",
    file: "holding/lock.ts",
    find: "    rare.controller?.abort(error);\n",
    replace: "",
    caughtBy: {},
  },
  {
    name: "the end of a block hides that its lock was lost",
    file: "holding/lock.ts",
    find: "    if (error !== undefined) throw withCallerStack(error);\n",
    replace: "",
    caughtBy: {},
  },
  {
    name: "the end of a block hides the loss of a lock that was released by hand after it",
    file: "holding/lock.ts",
    find: "    const error = this.#rare?.lossError;\n",
    replace: '    const error = this.#state === "lost" ? this.#rare?.lossError : undefined;\n',
    caughtBy: { tests: "packages/quorumlock/test/holding/dispose.test.ts" },
  },
  {
    name: "a lock extends itself only if the caller asks for it",
    file: "base/options.ts",
    find: 'checkBoolean("autoExtend", options.autoExtend ?? true)',
    replace: 'checkBoolean("autoExtend", options.autoExtend ?? false)',
    caughtBy: { tests: "packages/quorumlock/test/holding/dispose.test.ts" },
  },
  {
    name: "the number of automatic extensions in flight has no limit",
    file: "holding/auto-extender.ts",
    find: "constructor(maxInFlight = MAX_EXTENSIONS)",
    replace: "constructor(maxInFlight = 1_000 * MAX_EXTENSIONS)",
    caughtBy: { tests: "packages/quorumlock/test/holding/auto-extender.test.ts" },
  },
  {
    name: "a step of the wall clock does not move the deadline of a lock",
    file: "holding/lock.ts",
    find: '    if (this.#remainingMs() <= 0) this.#lose("its lease ended");\n    else this.#schedule();\n',
    replace: '    if (this.#remainingMs() <= 0) this.#lose("its lease ended");\n',
    caughtBy: { tests: "packages/quorumlock/test/holding/clock-steps.test.ts" },
  },
];
