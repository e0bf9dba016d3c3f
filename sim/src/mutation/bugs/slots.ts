import type { Bug } from "../bug.ts";

const SEMAPHORE_TESTS = "packages/quorumlock/test/primitives/semaphore.test.ts";
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
    find: "{ isGrant: true }",
    replace: "{ isGrant: false }",
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
];
