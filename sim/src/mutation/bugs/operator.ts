import type { Bug } from "../bug.ts";

/** Releases by an operator that break exclusion. */
export const operatorBugs: readonly Bug[] = [
  {
    name: "an operator replaces a holder that came after the one that it looked at",
    file: "operations/operator.ts",
    find: "if (value !== token && (value !== previous || left === -1))",
    replace: "if (value !== token && left === -1)",
    caughtBy: { profile: "operator" },
  },
  {
    name: "a drained lock expires as it was when the operator looked at it",
    file: "operations/operator.ts",
    find: "store.set(lock, token, Math.max(1, left))",
    replace: "store.set(lock, token, 5_000)",
    caughtBy: { tests: "packages/quorumlock/test/operator/operator-twins.test.ts" },
  },
  {
    name: "a drained lock is released at once",
    file: "operator/release.ts",
    find: 'if (mode === "drain") return { ...released',
    replace: 'if (mode !== "drain") return { ...released',
    caughtBy: { profile: "operator" },
  },
  {
    name: "a drained lock that the holder extends where the keys of the operator end earlier",
    file: "operator/release.ts",
    find: "const extended = await hold.extend(longestMs);",
    replace: "const extended = await hold.extend(1);",
    caughtBy: { tests: "packages/quorumlock/test/operator/release-faults.test.ts" },
  },
  {
    name: "an operator that has no quorum keeps what it has replaced",
    file: "operations/operator.ts",
    find: "      store.set(lock, previous, Math.max(1, store.remaining(lock)));\n      return 1;",
    replace: "      return 1;",
    caughtBy: { tests: "packages/quorumlock/test/operator/operator-twins.test.ts" },
  },
];
