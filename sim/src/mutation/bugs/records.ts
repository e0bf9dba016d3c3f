import type { Bug } from "../bug.ts";

/** Records that let two results of one job be confirmed. */
export const recordsBugs: readonly Bug[] = [
  {
    name: "a holder that opens a record does not bar earlier holders",
    file: "operations/record.ts",
    find: 'if (found.promised < fence) store.setField(key, "p", String(fence));',
    replace: 'if (found.promised === 0) store.setField(key, "p", "1");',
    caughtBy: { profile: "records-wild-clocks" },
  },
  {
    name: "a late holder writes a record that a later one has opened or written",
    file: "operations/record.ts",
    find: "if (found.promised > fence || hasNewer) return [NO,",
    replace: "if (fence < 0 && hasNewer) return [NO,",
    caughtBy: { profile: "records-wild-clocks" },
  },
  {
    name: "a version that no quorum has is returned without being written again",
    file: "quorum/records.ts",
    find: "if (newest === undefined || isOnAll) return",
    replace: "if (newest === undefined || isOnAll || fence > 0) return",
    caughtBy: { profile: "records" },
  },
  {
    name: "a server counts for records that are older than its memory",
    file: "quorum/record-round.ts",
    find: "const recordAgeMs = Math.max(0, nowMs - rules.createdAtOf(value));",
    replace: "const recordAgeMs = Math.min(0, nowMs - rules.createdAtOf(value));",
    caughtBy: { profile: "records" },
  },
  {
    name: "a read believes the version of one server",
    file: "quorum/records.ts",
    find: "version === undefined || isCopy ? undefined : `${version.fence} ${version.number} ${version.body}`",
    replace: '"get"',
    caughtBy: { tests: "packages/quorumlock/test/patterns/records/lock-records.test.ts" },
  },
  {
    name: "records are not carried to the next set",
    file: "quorum/carry-records.ts",
    find: "const records = newest(read.results);",
    replace: "const records = newest(read.results).slice(0, 0);",
    caughtBy: { tests: "packages/quorumlock/test/client/carried-records.test.ts" },
  },
  {
    name: "a copied version is a vote",
    file: "operations/record.ts",
    find: "b: body, c: since, m: 1 }",
    replace: "b: body, c: since }",
    caughtBy: { tests: "packages/quorumlock/test/client/carried-records.test.ts" },
  },
];
