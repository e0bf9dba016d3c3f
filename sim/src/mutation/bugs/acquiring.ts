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
];
