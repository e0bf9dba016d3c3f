import type { Bug } from "../bug.ts";

const CACHED = { tests: "packages/quorumlock/test/patterns/cached/cached.test.ts" };
const ELECT = { tests: "packages/quorumlock/test/patterns/elect/elect.test.ts" };

const PROCESS = { tests: "packages/quorumlock/test/patterns/process-once/process-once.test.ts" };
const QUEUE = { tests: "packages/quorumlock/test/patterns/task-queue/task-queue.test.ts" };

/** Bugs in the patterns: cached values, elections, and tasks that are processed once. */
export const patternsBugs: readonly Bug[] = [
  {
    name: "a cached value is fresh from the end of its computation",
    file: "patterns/cached/key-search.ts",
    find: "const freshUntil = startedAtWall + ",
    replace: "const freshUntil = clock.wall() + 0 * startedAtWall + ",
    caughtBy: CACHED,
  },
  {
    name: "processes that wait for a cached value acquire the lock to read it",
    file: "patterns/cached/key-search.ts",
    find: "await redlock.untilFree(lockName, { wait: waitMs, signal, holder });\n",
    replace:
      "await redlock.untilFree(lockName, { wait: waitMs, signal, holder });\n" +
      "        await (await this.#key.lockable.acquire({ wait: waitMs, signal })).release();\n",
    caughtBy: CACHED,
  },
  {
    name: "a failed computation is taken for that of any holder",
    file: "patterns/cached/key-search.ts",
    find: "if (outcome === undefined || !marks.includes(outcome.by)) return undefined;",
    replace: "if (outcome === undefined) return undefined;",
    caughtBy: CACHED,
  },
  {
    name: "a caller of a cached value that leaves cancels the others",
    file: "patterns/cached/flight.ts",
    find: "if (this.#callers > 0 || this.#hasEnded) return;",
    replace: "if (this.#hasEnded) return;",
    caughtBy: CACHED,
  },
  {
    name: "a cached value is written although the lock was lost",
    file: "patterns/cached/key-search.ts",
    find: "      if (lock.isHeld)\n        await this.#write(",
    replace: "      if (lock.isHeld || !lock.isHeld)\n        await this.#write(",
    caughtBy: CACHED,
  },
  {
    name: "the winner does not look whether the value is there by now",
    file: "patterns/cached/key-search.ts",
    find: "entry.version !== present &&\n",
    replace: "entry.version === present &&\n",
    caughtBy: CACHED,
  },
  {
    name: "a delete leaves nothing, so a late write is not noticed",
    file: "patterns/cached/cached.ts",
    find: "const result = store.canReplace\n",
    replace: "const result = !store.canReplace\n",
    caughtBy: CACHED,
  },
  {
    name: "callers after a delete join a search from before it",
    file: "patterns/cached/cached.ts",
    find: "    this.#flights.delete(id);\n    const { clock",
    replace: "    const { clock",
    caughtBy: CACHED,
  },
  {
    name: "a failed computation keeps its lock",
    file: "patterns/cached/key-search.ts",
    find: "      await this.#release(lock, computation);\n",
    replace: "      if (computation?.hasSettled === false) await this.#release(lock, computation);\n",
    caughtBy: CACHED,
  },
  {
    name: "values are refreshed early in the first half of their time",
    file: "patterns/cached/entry.ts",
    find: "if (beta === 0 || now < freshUntil - leastFreshMs / 2) return false;",
    replace: "if (beta === 0 || leastFreshMs < 0) return false;",
    caughtBy: { tests: "packages/quorumlock/test/patterns/cached/early-refresh.test.ts" },
  },
  {
    name: "isLeader is stored when the term begins",
    file: "patterns/elect/running-term.ts",
    find: "return this.endReason === undefined && this.lock.isHeld;",
    replace: "return this.endReason === undefined;",
    caughtBy: ELECT,
  },
  {
    name: "a process is a candidate again before its routine has settled",
    file: "patterns/elect/elect.ts",
    find: "    await this.#untilSettled(term);\n",
    replace: "",
    caughtBy: ELECT,
  },
  {
    name: "a process that resigned does not let others go first",
    file: "patterns/elect/elect.ts",
    find: 'if (reason !== "lost") this.#notBefore = ',
    replace: 'if (reason === "lost") this.#notBefore = ',
    caughtBy: ELECT,
  },
  {
    name: "the end of a term is told twice",
    file: "patterns/elect/running-term.ts",
    find: "    if (this.endReason !== undefined) return;\n    this.endReason = reason;\n",
    replace: "    this.endReason = reason;\n",
    caughtBy: ELECT,
  },
  {
    name: "an observer shows the record of a former leader",
    file: "patterns/elect/leader.ts",
    find: "if (by === markOf(token) && typeof number",
    replace: "if (by !== token && typeof number",
    caughtBy: ELECT,
  },
  {
    name: "processOnce: the routine begins before its claim is recorded",
    file: "patterns/process-once/claim-task.ts",
    find: "      await putTask(this.#call, claimed.stored);\n",
    replace: "      putTask(this.#call, claimed.stored).catch(() => undefined);\n",
    caughtBy: PROCESS,
  },
  {
    name: "processOnce: a result is returned before a quorum knows it",
    file: "patterns/process-once/run-task.ts",
    find: "    await putTask(this.#call, result.record);\n",
    replace: "    putTask(this.#call, result.record).catch(() => undefined);\n",
    caughtBy: PROCESS,
  },
  {
    name: "processOnce: a late result is not compared with the fencing token",
    file: "patterns/process-once/run-task.ts",
    find: "record: storedTask(lock.fence, 2, done)",
    replace: "record: storedTask(8_999_999_999_999_999, 2, done)",
    caughtBy: PROCESS,
  },
  {
    name: "processOnce: a routine that ended because of its lost lock has a result",
    file: "patterns/process-once/run-task.ts",
    find: "if (lock.signal.aborted) throw lossOf(lock);",
    replace: "if (lock.signal.aborted && tx !== undefined) throw lossOf(lock);",
    caughtBy: PROCESS,
  },
  {
    name: "processOnce: the input is not compared",
    file: "patterns/process-once/claim-task.ts",
    find: "if (isOther && options.fingerprint !== undefined) throw",
    replace: 'if (isOther && options.fingerprint === "") throw',
    caughtBy: PROCESS,
  },
  {
    name: "processOnce: a crash does not count as an attempt",
    file: "patterns/process-once/claim-task.ts",
    find: "attempt: (before?.attempt ?? 0) + 1,",
    replace: 'attempt: (before?.attempt ?? 0) + (before?.state === "running" ? 0 : 1),',
    caughtBy: PROCESS,
  },
  {
    name: "TaskQueue: a task is lost when its workers have died twice",
    file: "patterns/task-queue/task-queue.ts",
    find: "const MAX_STALLED_COUNT = 1_000;",
    replace: "const MAX_STALLED_COUNT = 1;",
    caughtBy: QUEUE,
  },
  {
    name: "TaskQueue: other data of a known id is ignored",
    file: "patterns/task-queue/task-queue.ts",
    find: "if (!isSameData(known, added)) throw",
    replace: "if (known.data === this) throw",
    caughtBy: QUEUE,
  },
];
