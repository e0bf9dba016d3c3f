import type { Bug } from "../bug.ts";

/** Bugs in queries and attachments. */
export const acquiringBugs: readonly Bug[] = [
  {
    name: "a query takes less than a quorum for a holder",
    file: "acquiring/query-lock.ts",
    find: "voters.hasQuorum(maskOf(members)) === byQuorum",
    replace: "(maskOf(members) !== 0) === byQuorum",
    caughtBy: { tests: "packages/quorumlock/test/acquiring/query.test.ts" },
  },
  {
    name: "a query reports until when the last key exists, not until when a quorum does",
    file: "acquiring/query-lock.ts",
    find: "    if (!byQuorum) return Math.max(...members.values());\n",
    replace: "    if (voters.size > 0) return Math.max(...members.values());\n",
    caughtBy: { tests: "packages/quorumlock/test/acquiring/query.test.ts" },
  },
  {
    name: "a detached lock is still extended by its former process",
    file: "holding/lock.ts",
    find: "    this.#rareState().isDetached = true;\n    this.#unregister();\n",
    replace:
      "    this.#rareState().isDetached = true;\n    this.#unregister();\n" +
      "    const again = (): void => {\n" +
      "      this.#context.clock.setTimer(50, () => void this.#hold.extend(this.#ttlMs).then(again), false);\n" +
      "    };\n    again();\n",
    caughtBy: { tests: "packages/quorumlock/test/acquiring/attach.test.ts" },
  },
  {
    name: "a detached lock keeps its place in the local queue",
    file: "holding/lock.ts",
    find: "    this.#unregister();\n    this.#leaveQueue();\n    this.#hold.detach(",
    replace: "    this.#unregister();\n    this.#hold.detach(",
    caughtBy: { tests: "packages/quorumlock/test/acquiring/attach.test.ts" },
  },
  {
    name: "a lock is detached while an extension is in flight",
    file: "holding/lock.ts",
    find: "return this.#extendFor(undefined, () => this.#endDetached());",
    replace: "return this.#endDetached();",
    caughtBy: { tests: "packages/quorumlock/test/acquiring/attach.test.ts" },
  },
  {
    name: "the release of an attached lock removes a waiter of its client from the line",
    file: "holding/end-hold.ts",
    find: "  if (hasSharedPlace && !place.isQueued && queue.isOccupied(kind, target)) hold.withdraw(onEnd);\n  else hold.release(onEnd);\n",
    replace: "  hold.release(onEnd);\n",
    caughtBy: { tests: "packages/quorumlock/test/acquiring/attach.test.ts" },
  },
  {
    name: "attach takes a free key, as an extension does",
    file: "operations/mutex.ts",
    find: 'if (value !== token) return [NO, store.remaining(lock), value ?? ""];',
    replace: "if (value !== undefined && value !== token) return [NO, store.remaining(lock), value];",
    caughtBy: {},
  },
  {
    name: "an attached lock is released only where its round has reached",
    file: "quorum/hold.ts",
    find: "    this.#mayHoldMask = this.context.members.voters.allMask;\n",
    replace: "",
    caughtBy: { tests: "packages/quorumlock/test/acquiring/attach.test.ts" },
  },
  {
    name: "a change of the members that begins while a lock is attached does not count",
    file: "acquiring/attach-lock.ts",
    find: "    while (hold.isOutdated && !context.isClosed);\n",
    replace: "    while (hold.isOutdated && context.isClosed);\n",
    caughtBy: { tests: "packages/quorumlock/test/acquiring/attach.test.ts" },
  },
  {
    name: "during a change of the members, a lock that one of the sets has counts as lost",
    file: "acquiring/attach-lock.ts",
    find: "return { refusal: { ...result.refusal, isLost: false } };",
    replace: "return result;",
    caughtBy: { tests: "packages/quorumlock/test/acquiring/attach.test.ts" },
  },
  {
    name: "attach believes a fencing token that no instance granted",
    file: "acquiring/attach-lock.ts",
    find: "if (renewed.counter > 1 && fence > renewed.counter)",
    replace: "if (renewed.counter < 1 && fence > renewed.counter)",
    caughtBy: { tests: "packages/quorumlock/test/acquiring/attach.test.ts" },
  },
  {
    name: "a failed attach deletes the token of a lock that another process may hold",
    file: "acquiring/attach-lock.ts",
    find: "  // Nothing is deleted: ",
    replace: "  hold.withdraw();\n  // ",
    caughtBy: { tests: "packages/quorumlock/test/acquiring/attach.test.ts" },
  },
  {
    name: "a detached lock leaves the line by the name of its client, not of its caller",
    file: "quorum/hold.ts",
    find: "    const waiter = waiterOf(this.kind, this.target, this.context.clientId);\n",
    replace: "    const waiter = this.context.clientId;\n",
    caughtBy: { tests: "packages/quorumlock/test/acquiring/attach-kinds.test.ts" },
  },
  {
    name: "a detached lock keeps a place of its own in line while another caller of its client waits",
    file: "quorum/hold.ts",
    find: "(hasOwnPlace || !sharesPlace)",
    replace: "!sharesPlace",
    caughtBy: { tests: "packages/quorumlock/test/acquiring/attach-kinds.test.ts" },
  },
  {
    name: "a reader whose time is over is attached while others read",
    file: "operations/mode-node.ts",
    find: "return Math.floor(score / BAND) === RANKS[mode] && score % BAND >= this.#now;",
    replace: "return Math.floor(score / BAND) === RANKS[mode];",
    caughtBy: { tests: "packages/quorumlock/test/acquiring/attach-kinds.test.ts" },
  },
  {
    name: "permits whose time is over are attached while others hold permits",
    file: "operations/slots-transfer.ts",
    find: "held?.slots !== slots || held.deadline < now",
    replace: "held?.slots !== slots",
    caughtBy: { tests: "packages/quorumlock/test/acquiring/attach-kinds.test.ts" },
  },
  {
    name: "permits are attached with other slots than they have",
    file: "operations/slots-transfer.ts",
    find: "held?.slots !== slots || held.deadline < now",
    replace: "held === undefined || held.deadline < now",
    caughtBy: { tests: "packages/quorumlock/test/acquiring/attach-kinds.test.ts" },
  },
  {
    name: "the place under a limit is renewed although its lock is gone",
    file: "operations/quota-transfer.ts",
    find: "for (const onlyChecks of [true, false]) {",
    replace: "for (const onlyChecks of [false]) {",
    caughtBy: { tests: "packages/quorumlock/test/acquiring/attach-kinds.test.ts" },
  },
  {
    name: "a query counts votes for different permits as votes for one holder",
    file: "acquiring/query-lock.ts",
    find: 'slots === undefined ? token : `${token} ${slots.join(" ")}`',
    replace: "token",
    caughtBy: { tests: "packages/quorumlock/test/acquiring/query-permits.test.ts" },
  },
];
