import type { Bug } from "../bug.ts";

const CACHED = { tests: "packages/quorumlock/test/patterns/cached/cached.test.ts" };
const DELETE = { tests: "packages/quorumlock/test/patterns/cached/delete.test.ts" };
const REFRESH = { tests: "packages/quorumlock/test/patterns/cached/refresh.test.ts" };
const ELECT = { tests: "packages/quorumlock/test/patterns/elect/elect.test.ts" };

const PROCESS = { tests: "packages/quorumlock/test/patterns/process-once/process-once.test.ts" };
const SQL = { tests: "packages/quorumlock/test/patterns/records/sql-records.test.ts" };
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
    find: "        const found = await this.#readAfter([lock.holder?.token, ended]);\n",
    replace:
      "        await (await this.#key.lockable.acquire({ wait: 60_000, signal })).release();\n" +
      "        const found = await this.#readAfter([lock.holder?.token, ended]);\n",
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
    find: "if (this.#callers.size > 0 || this.#hasEnded) return;",
    replace: "if (this.#hasEnded) return;",
    caughtBy: CACHED,
  },
  {
    name: "a cached value is written although the lock was lost",
    file: "patterns/cached/key-search.ts",
    find: "      if (!lock.isHeld) {\n        listeners.emit(",
    replace: "      if (!lock.isHeld && lock.isHeld) {\n        listeners.emit(",
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
    find: "running.search.onDeleted();\n    this.#flights.delete(id);\n",
    replace: "running.search.onDeleted();\n",
    caughtBy: DELETE,
  },
  {
    name: "callers after a delete join a search that began during it",
    file: "patterns/cached/cached.ts",
    find: "    this.#forget(id);\n    if (!result.isDone)",
    replace: "    if (!result.isDone)",
    caughtBy: DELETE,
  },
  {
    name: "what a process computed before its own delete is stored",
    file: "patterns/cached/key-search.ts",
    find: "    if (deletions !== this.#deletions) {\n",
    replace: "    if (deletions < 0) {\n",
    caughtBy: DELETE,
  },
  {
    name: "callers after a delete get the failure from before it",
    file: "patterns/cached/key-search.ts",
    find: "    if (!isRead || (entry?.version !== version && entry?.version !== by)) return undefined;\n",
    replace: "    if (!isRead || (version === by && entry?.version === by)) return undefined;\n",
    caughtBy: DELETE,
  },
  {
    name: "a refresh that fails is repeated by each read",
    file: "patterns/cached/cached.ts",
    find: '        pauses.record(valueId, "failed");\n',
    replace: "",
    caughtBy: REFRESH,
  },
  {
    name: "a caller that joins a search has waited since its start",
    file: "patterns/cached/flight.ts",
    find: "const caller: Caller = { joinedAt: clock.monotonic(),",
    replace: "const caller: Caller = { joinedAt: [...this.#callers][0]?.joinedAt ?? clock.monotonic(),",
    caughtBy: { tests: "packages/quorumlock/test/patterns/cached/wait.test.ts" },
  },
  {
    name: "a cached value whose own computation throws a QuorumError is computed again",
    file: "patterns/cached/key-search.ts",
    find: "        const won = await this.#win(lock, signal);\n",
    replace:
      "        const won = await this.#win(lock, signal).catch((error: unknown) => {\n" +
      "          if (isUnreachable(error)) return new Outage(error);\n" +
      "          throw error;\n" +
      "        });\n",
    caughtBy: CACHED,
  },
  {
    name: "the lock of a cached value does not extend itself if the client says so",
    file: "patterns/cached/key-search.ts",
    find: "ttl: this.#parts.options.lockTtlMs, autoExtend: true, signal",
    replace: "ttl: this.#parts.options.lockTtlMs, signal",
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
    name: "a term that ended before onElected was called has an onLost",
    file: "patterns/elect/running-term.ts",
    find: "if (onLost !== undefined && this.#hasBegun)",
    replace: "if (onLost !== undefined)",
    caughtBy: ELECT,
  },
  {
    name: "the leader writes its record again only once",
    file: "patterns/elect/elect.ts",
    find: "      version += 1;\n      timer = this.#clock.setTimer(RENEW_MS, renew, false);\n",
    replace: "      version += 1;\n",
    caughtBy: ELECT,
  },
  {
    name: "the lock of a leader does not extend itself if the client says so",
    file: "patterns/elect/elect.ts",
    find: "autoExtend: true, signal };",
    replace: "signal };",
    caughtBy: ELECT,
  },
  {
    name: "an observer waits for the end of a leader without a limit",
    file: "patterns/elect/observe.ts",
    find: "wait: this.#settings.lookMs, signal",
    replace: "wait: Infinity, signal",
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
    name: "processOnce: a cancelled attempt begins again although it must not be repeated",
    file: "patterns/process-once/run-task.ts",
    find: '? onCrash === "keep"',
    replace: "? onCrash === undefined",
    caughtBy: PROCESS,
  },
  {
    name: "processOnce: a routine that ended because of its lost lock has a result",
    file: "patterns/process-once/run-task.ts",
    find: "if (lock.signal.aborted) throw lossOf(lock);\n    const returned",
    replace: "if (lock.signal.aborted && tx !== undefined) throw lossOf(lock);\n    const returned",
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
    name: "processOnce: an attempt that the caller cancelled is a failure",
    file: "patterns/process-once/run-task.ts",
    find: "throw new RoutineFailure(error, signal?.aborted === true);",
    replace: "throw new RoutineFailure(error);",
    caughtBy: PROCESS,
  },
  {
    name: "processOnce: a claim that was taken back counts as a crash in the same call",
    file: "patterns/process-once/claim-task.ts",
    find: "    this.#withdrawn.set(markOf(claimed.lock.token), withdrawnTask(claimed));\n",
    replace: "",
    caughtBy: PROCESS,
  },
  {
    name: "processOnce: the transaction of a foreign store is lost",
    file: "patterns/records/records-for.ts",
    find: "if (!hasTransactions(store)) return records;",
    replace: "if (!hasTransactions(store) || hasTransactions(store)) return records;",
    caughtBy: PROCESS,
  },
  {
    name: "sqlRecords: a connection that comes late is never released",
    file: "patterns/records/sql-records.ts",
    find: "      void releaseLate(lending);\n",
    replace: '      void (id === "" && releaseLate(lending));\n',
    caughtBy: SQL,
  },
  {
    name: "TaskQueue: a record can expire before its task is delivered again",
    file: "patterns/task-queue/options.ts",
    find: "attempts: { ...attempts, keepMs },",
    replace: "attempts: { ...attempts, keepMs: attempts.keepMs + 0 * keepMs },",
    caughtBy: QUEUE,
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
