import type { Bug } from "../bug.ts";

const TESTS = { tests: "packages/quorumlock/test/primitives/fair.test.ts" };
const FIRST_PLACE = { tests: "packages/quorumlock/test/acquiring/first-place.test.ts" };
const SIMULATOR = { profile: "fair-calm" };

/** Bugs in fair locks, and in the enforced line that they stand in. */
export const fairBugs: readonly Bug[] = [
  {
    name: "a waiter that loses its place where it was granted the lock, although the votes were split",
    file: "operations/modes.ts",
    find: "if (firstBlocked === undefined && place !== undefined) place.named = -1;",
    replace: "if (firstBlocked === undefined && place !== undefined) line.entries.splice(ahead, 1);",
    caughtBy: SIMULATOR,
  },
  {
    name: "a score by the clock of each instance",
    file: "operations/enforced-line.ts",
    find: "const place = accepted(ticket, latest) || latest + 1;",
    replace: "const place = latest + 1;",
    caughtBy: FIRST_PLACE,
  },
  {
    name: "a named waiter that keeps others out for ever",
    file: "operations/enforced-line.ts",
    find: "if (entry.named <= 0 || now - entry.named <= GRACE_MS) continue;",
    replace: "if (entry.named <= 0 || now >= entry.named) continue;",
    caughtBy: TESTS,
  },
  {
    name: "a waiter that stays absent although it tries again",
    file: "operations/enforced-line.ts",
    find: "  entry.named = 0;\n",
    replace: "",
    caughtBy: SIMULATOR,
  },
  {
    name: "no deputy for a named waiter that does not come",
    file: "operations/mode-node.ts",
    find: "wakeMessage(waiters, next.deputy)",
    replace: "wakeMessage(waiters, undefined)",
    caughtBy: TESTS,
  },
  {
    name: "a deputy of the process that was named",
    file: "operations/enforced-line.ts",
    find: "if (!clients.has(clientOf(waiter))) return { named",
    replace: "if (waiter !== named[0]?.waiter) return { named",
    caughtBy: TESTS,
  },
  {
    name: "waiters of a dead process that are waited for one after the other",
    file: "operations/enforced-line.ts",
    find: "for (const entry of alive) if (silent.has(clientOf(entry.waiter))) entry.isAbsent = true;",
    replace: "",
    caughtBy: TESTS,
  },
  {
    name: "a message that wakes all waiters",
    file: "waiting/turn.ts",
    find: "if (!next.includes(waiter)) return undefined;",
    replace: "if (!next.includes(waiter)) return { delayMs: 0, hint: undefined };",
    caughtBy: TESTS,
  },
  {
    name: "a lock that is released and stays in line",
    file: "operations/modes.ts",
    find: "if (hasOwnPlace) leaveLines(store, node, line, waiter);",
    replace: "",
    caughtBy: TESTS,
  },
  {
    name: "a lock that is lost and stays in line",
    file: "holding/end-hold.ts",
    find: "const hasSharedPlace = kind.waiterOf === undefined;",
    replace: "const hasSharedPlace = true;",
    caughtBy: SIMULATOR,
  },
  {
    name: "a place that depends on the replies of too few instances",
    file: "quorum/attempt.ts",
    find: "    if (!round.hasRepliesOfEveryQuorum || refusals.length === 0) return undefined;",
    replace: "    if (refusals.length === 0) return undefined;",
    caughtBy: FIRST_PLACE,
  },
  {
    name: "a place without a ticket that is kept after the ticket is known",
    file: "operations/enforced-line.ts",
    find: "if (known !== undefined && entries[known]!.ticket >= ticket) {",
    replace: "if (known !== undefined) {",
    caughtBy: FIRST_PLACE,
  },
  {
    name: "a proposed ticket that an instance accepts although it knows a larger one",
    file: "operations/enforced-line.ts",
    find: "return -ticket > known && -ticket <= known + PLACE_MS ? -ticket : 0;",
    replace: "return -ticket;",
    caughtBy: FIRST_PLACE,
  },
  {
    name: "proposed tickets that follow each other, not the time",
    file: "waiting/line-ticket.ts",
    find: "record(Math.max(...known.map(({ now }) => now)), tookMs);",
    replace: "record(Math.max(...known.map(({ latest }) => latest)), tookMs);",
    caughtBy: FIRST_PLACE,
  },
  {
    name: "a proposed ticket that counts although an instance did not accept it",
    file: "waiting/line-ticket.ts",
    find: "!known.every((each) => each.accepts(this.#proposed));",
    replace: "!known.some((each) => each.accepts(this.#proposed));",
    caughtBy: FIRST_PLACE,
  },
  {
    name: "a priority that is ignored",
    file: "operations/enforced-line.ts",
    find: "const score = place - lead;",
    replace: "const score = place - 0 * lead;",
    caughtBy: TESTS,
  },
  {
    name: "callers of one process that share a place",
    file: "operations/fair.ts",
    find: "waiterName(clientId, callerNumber)",
    replace: "waiterName(clientId, 0 * callerNumber)",
    caughtBy: TESTS,
  },
  {
    name: "a caller takes its ticket before a quorum has refused it",
    file: "quorum/attempt.ts",
    find: "if (hasQuorum() || isSplit() || !round.isAwaitingReplies) resolve();",
    replace: "if (round.hasRepliesOfEveryQuorum || !round.isAwaitingReplies) resolve();",
    caughtBy: { tests: "packages/quorumlock/test/acquiring/first-place.test.ts" },
  },
];
