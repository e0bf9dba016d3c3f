import type { Bug } from "../bug.ts";

const SEMAPHORE_TESTS = "packages/quorumlock/test/primitives/semaphore.test.ts";
const CHANGE_TESTS = "packages/quorumlock/test/client/carried-semaphores.test.ts";
const REFUSED_TESTS = { tests: "packages/quorumlock/test/operations/refused-writes.test.ts" };
const SPLIT_TESTS = "packages/quorumlock/test/quorum/split-slots.test.ts";

/** Bugs of semaphores. */
export const slotsBugs: readonly Bug[] = [
  {
    name: "permits are counted: a majority of grants of any slot wins",
    file: "quorum/ballot.ts",
    find: "    for (const [choice, mask] of this.#masks) if (voters.hasQuorum(mask)) return choice;",
    replace:
      "    let all = 0;\n    for (const mask of this.#masks.values()) all |= mask;\n    for (const [choice] of this.#masks) if (voters.hasQuorum(all)) return choice;",
    caughtBy: { profile: "slots" },
  },
  {
    name: "votes of an earlier round count for a slot",
    file: "quorum/attempt.ts",
    find: "    if (round.isSplit && this.#settle(round)) return;",
    replace: `    if (kind.choices !== undefined && !round.isWon) {
      const votes = (((this as object) as { all?: Map<string, number> }).all ??= new Map<string, number>());
      for (const { bit, reply } of round.votes) {
        const choice = kind.choices.of(reply);
        votes.set(choice, (votes.get(choice) ?? 0) | bit);
        this.#fence = Math.max(this.#fence, Number((reply as readonly unknown[])[1]));
        if (!this.hold.voters.hasQuorum(votes.get(choice) ?? 0)) continue;
        this.hold.narrow(kind.choices.chosen(this.hold.target, choice));
        return this.#win();
      }
    }
    if (round.isSplit && this.#settle(round)) return;`,
    caughtBy: { tests: SPLIT_TESTS },
  },
  {
    name: "the lease of permits starts after the votes have arrived",
    file: "quorum/attempt.ts",
    find: "    this.hold.recordFence(this.#fence);",
    replace:
      "    Object.assign(this.lease, { monotonic: clock.monotonic(), wall: clock.wall() });\n    this.hold.recordFence(this.#fence);",
    caughtBy: { profile: "slots" },
  },
  {
    name: "the restart guard is off for semaphores",
    file: "operations/slots-operations.ts",
    find: "acquire(store, keys, args), { isGrant: true }",
    replace: "acquire(store, keys, args), { isGrant: false }",
    caughtBy: { profile: "slots" },
  },
  {
    name: "a split vote is settled with the token of the round before",
    file: "quorum/attempt.ts",
    find: "    this.#hold = hold.convertTo(target);",
    replace: "    hold.narrow(target);",
    caughtBy: { tests: SPLIT_TESTS },
  },
  {
    name: "a settling that arrives twice moves the vote that was counted",
    file: "operations/slots-operations.ts",
    find: "  } else if (held !== undefined) {",
    replace: "  } else if (held !== undefined && !isSettling) {",
    caughtBy: { tests: "packages/quorumlock/test/operations/slots-twins.test.ts" },
  },
  {
    name: "an acknowledgement counts from a member that voted for another slot",
    file: "quorum/round.ts",
    find: "    return this.#choices.of(reply) === this.#choice && numberIn(reply) <= limit;",
    replace: "    return numberIn(reply) <= limit;",
    caughtBy: { tests: SPLIT_TESTS },
  },
  {
    name: "the fencing token of permits is not written back",
    file: "operations/slots-operations.ts",
    find: "    if (count < fence || !semaphore.areCountersValid) semaphore.writeCounters(slots, fence, base);",
    replace: "    void [count, fence];",
    caughtBy: { profile: "slots" },
  },
  {
    name: "the counter of a slot starts again at the counter of its hash slot",
    file: "operations/slots-operations.ts",
    find: "      let fence = semaphore.largestCounter(chosen.slots, base) + 1;",
    replace: "      let fence = base;",
    caughtBy: { profile: "slots" },
  },
  {
    name: "counters of slots that a server wrote before it lost its memory are used again",
    file: "operations/semaphore-store.ts",
    find: "slice(0, ID_LENGTH) === this.#id;",
    replace: 'slice(0, ID_LENGTH) !== "";',
    caughtBy: { tests: "packages/quorumlock/test/operations/slots-twins.test.ts" },
  },
  {
    name: "an extension takes a slot that another token holds",
    file: "operations/slots-operations.ts",
    find: "  if (!areFree(view, slots)) {",
    replace: '  if (view === "") {',
    caughtBy: { profile: "slots" },
  },
  {
    name: "permits are granted beside a plain lock",
    file: "operations/semaphore-store.ts",
    find: "    return this.isOther ? gate : undefined;",
    replace: "    return undefined;",
    caughtBy: { profile: "slots" },
  },
  {
    name: "a completion is sent after the release",
    file: "quorum/completion.ts",
    find: "    if (isWithdrawn || this",
    replace: "    if ((isWithdrawn && attempts < 0) || this",
    caughtBy: { profile: "slots" },
  },
  {
    name: "the members that voted for another slot keep it",
    file: "quorum/attempt.ts",
    find: "new Completion(this.hold, this.lease, this.#options.ttlMs, choices).start(this.#latestVote);",
    replace: "void Completion;",
    caughtBy: { tests: SPLIT_TESTS },
  },
  {
    name: "a release of permits names nobody",
    file: "operations/slots-operations.ts",
    find: "attempt(() => semaphore.announceNext(semaphore.readLine(total), freed, total)) ?? NOBODY_NEXT;",
    replace: "attempt(() => ({ ...NOBODY_NEXT, canGo: freed.length + total > 0 })) ?? NOBODY_NEXT;",
    caughtBy: { tests: SEMAPHORE_TESTS },
  },
  {
    name: "a waiter for permits that was served stays in the line",
    file: "operations/slots.ts",
    find: "  leavesLineWhenServed: true,",
    replace: "  leavesLineWhenServed: false,",
    caughtBy: { tests: SEMAPHORE_TESTS },
  },
  {
    name: "small claims pass a large one at the head of the line",
    file: "operations/slots-operations.ts",
    find: "            return free < count;",
    replace: "            return free < 0 - count;",
    caughtBy: { tests: SEMAPHORE_TESTS },
  },
  {
    name: "a waiter for permits does not learn which slots are free for it",
    file: "operations/slots.ts",
    find: '  withHints: (target, hints) => ({ ...target, prefer: [...new Set(hints)].join(" ").replaceAll(",", " ") }),',
    replace: "  withHints: (target) => target,",
    caughtBy: { tests: SPLIT_TESTS },
  },
  {
    name: "a change of the members raises the counters of hash slots, and not those of the slots in them",
    file: "quorum/carry-counters.ts",
    find: "const values = roundedUp(largest(read.results));",
    replace: "const values = largest(read.results);",
    caughtBy: { profile: "slots-change" },
  },
  {
    name: "the counter of a slot stays behind what its hash slot was raised to",
    file: "operations/semaphore-store.ts",
    find: "    let largest = base - (base % FENCE_GRAIN_US);",
    replace: "    let largest = 0;",
    caughtBy: { profile: "slots-change" },
  },
  {
    name: "a changed number of permits is neither carried over nor recovered",
    file: "members/counters.ts",
    find: "        if (change.stamp > (latest.get(lock)?.stamp ?? 0)) latest.set(lock, change);",
    replace: "        if (change.stamp < (latest.get(lock)?.stamp ?? 0)) latest.set(lock, change);",
    caughtBy: { profile: "slots-change" },
  },
  {
    name: "a change of the number of permits counts that began before both sets decide",
    file: "acquiring/ask-quorum.ts",
    find: "isInTime && round.voters.covers(members.voters)",
    replace: "isInTime && round.voters.covers(round.voters)",
    caughtBy: { tests: CHANGE_TESTS },
  },
  {
    name: "an older number of permits replaces a newer one",
    file: "operations/semaphore-store.ts",
    find: "    const newest = stamp > (known?.stamp ?? 0) ? { stamp, total } : known;",
    replace: "    const newest = stamp > 0 ? { stamp, total } : known;",
    caughtBy: { profile: "slots" },
  },
  {
    name: "slots above the number of permits are granted",
    file: "operations/semaphore-store.ts",
    find: "    return { total: newest.total, text:",
    replace: "    return { total: Math.max(total, newest.total), text:",
    caughtBy: { profile: "slots" },
  },
  {
    name: "the number of permits is read from a server that has lost it",
    file: "operations/slots-operations.ts",
    find: "      if (readFence(store, fence) === undefined) firstFence(store, fence);",
    replace: "      void fence;",
    caughtBy: { tests: CHANGE_TESTS },
  },
  {
    name: "a change of the number of permits can be older than one that failed before it",
    file: "primitives/semaphore.ts",
    find: "Math.max(Math.floor(newest / STAMP_STEP) + 1, Math.floor(clock.wall()));",
    replace: "Math.max(Math.floor(newest / STAMP_STEP) + 1, 0);",
    caughtBy: { tests: CHANGE_TESTS },
  },
  {
    name: "a wait for more permits than there are goes on if exactly half of the instances say so",
    file: "acquiring/acquire-error.ts",
    find: "  return voters.hasQuorum(maskOf(others)) ?",
    replace: "  return voters.hasQuorum(maskOf(others)) || 2 * others.length >= voters.members.length ?",
    caughtBy: { profile: "slots-calm" },
  },
  {
    name: "a write that the server refuses is not noticed, in Lua only",
    file: "operations/slots.fast.lua",
    find: "and reply.err then failed = has_written and {-1, reply.err} or {} else",
    replace: "and reply.err then failed = nil else",
    caughtBy: REFUSED_TESTS,
  },
  {
    name: "writes go on after one that the server refused, in Lua only",
    file: "operations/slots.fast.lua",
    find: "  if failed then return end\n",
    replace: "",
    caughtBy: REFUSED_TESTS,
  },
  {
    name: "a refused write of one request fails the next ones of the call, in Lua only",
    file: "operations/slots.fast.lua",
    find: "  failed, has_written = nil, nil\n",
    replace: "",
    caughtBy: REFUSED_TESTS,
  },
  {
    name: "a release of permits needs memory, in Lua only",
    file: "operations/slots.lua",
    find: "  redis.pcall('ZREM', keys[4], '')\n",
    replace: "",
    caughtBy: REFUSED_TESTS,
  },
];
