import type { Bug } from "../bug.ts";

const ENDED_THEFTS = { tests: "packages/quorumlock/test/web-locks/ended-thefts.test.ts" } as const;

/** Bugs in thefts of web locks. */
export const webLocksBugs: readonly Bug[] = [
  {
    name: "a theft that ends without the lock deletes what it has seized",
    file: "web-locks/seizing-hold.ts",
    find: "return this.replies.seizedMask | this.replies.unansweredMask;",
    replace: "return this.replies.unansweredMask;",
    caughtBy: ENDED_THEFTS,
  },
  {
    name: "a theft that ends without the lock deletes its token where no reply says whose the name was",
    file: "web-locks/seizing-hold.ts",
    find: "return this.replies.seizedMask | this.replies.unansweredMask;",
    replace: "return this.replies.seizedMask;",
    caughtBy: ENDED_THEFTS,
  },
  {
    name: "the release of a stolen lock follows a request of the theft that has not arrived",
    file: "web-locks/stolen-hold.ts",
    find: "return this.#former.leftMs > 0 ? ~0 : this.#replies.unansweredMask;",
    replace: "return this.#former.leftMs > 0 ? ~0 : this.#replies.unansweredMask & 0;",
    caughtBy: ENDED_THEFTS,
  },
  {
    name: "a stolen lock that is lost is deleted before the former holder knows",
    file: "web-locks/stolen-hold.ts",
    find: "return this.#former.leftMs > 0 ? ~0 : this.#replies.unansweredMask;",
    replace: "return this.#former.leftMs > 1e9 ? ~0 : this.#replies.unansweredMask;",
    caughtBy: ENDED_THEFTS,
  },
  {
    name: "a release that members are left out of counts as confirmed by them",
    file: "quorum/hold.ts",
    find: "const scope = { members: members.all, targetMask, knownYesMask: ~this.#mayHoldMask };",
    replace: "const scope = { members: members.all, targetMask, knownYesMask: ~targetMask };",
    caughtBy: ENDED_THEFTS,
  },
  {
    name: "a stolen lock trusts a later holder of its process to learn of the theft",
    file: "web-locks/seize-replies.ts",
    find: "if (!this.#isOver) for (const token of tokens)",
    replace: "if (!this.#isOver || tokens.length > 0) for (const token of tokens)",
    caughtBy: ENDED_THEFTS,
  },
  {
    name: "a late error answers a request that can have taken the name from a later holder",
    file: "web-locks/seize-replies.ts",
    find: "if (this.#isOver && reply instanceof InstanceError) return;",
    replace: "",
    caughtBy: ENDED_THEFTS,
  },
  {
    name: "a late answer settles a request of a theft whose connection was lost",
    file: "web-locks/seize-replies.ts",
    find: "if (!isAnswered || (missing & ~lostMask & bit) === 0) return;",
    replace: "if (!isAnswered || (missing & ~(lostMask & 0) & bit) === 0) return;",
    caughtBy: ENDED_THEFTS,
  },
  {
    name: "the refusal of one request in a call answers a theft beside it",
    file: "members/request-pipeline.ts",
    find: "error instanceof RefusedCallError && batch.requests.length === 1;",
    replace: "error instanceof RefusedCallError;",
    caughtBy: ENDED_THEFTS,
  },
];
