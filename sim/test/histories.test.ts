import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { runCampaign } from "../src/campaign.ts";
import { FAULT_FIELDS } from "../src/plan/plan.ts";
import { failureText, reportText } from "../src/report.ts";
import { join, NO_HISTORIES } from "../src/summary.ts";

/** `npm run sim` can run more, with a random first seed. A history takes about a second of one processor. */
const HISTORIES = 40;
/** The first one from which on every kind of fault is planned in two histories. */
const FIRST_SEED = 44;

test("nothing is violated in many faulty histories", async () => {
  let sum = NO_HISTORIES;
  const startedAt = performance.now();
  const jobs = Math.min(2, availableParallelism());
  await runCampaign({ firstSeed: FIRST_SEED, histories: HISTORIES, profile: undefined, jobs }, (summary) => {
    sum = join(sum, summary);
  });
  console.log(reportText(sum, (performance.now() - startedAt) / 1_000, FIRST_SEED));
  expect(sum.failures.map(failureText)).toEqual([]);
  expect(sum.minOperations).toBeGreaterThanOrEqual(200);
  // Every kind of fault occurred, and messages were lost, late and resent.
  for (const kind of [...Object.keys(FAULT_FIELDS), "lost", "late", "resent"]) {
    expect(sum.faults).toHaveProperty(
      kind,
      expect.toSatisfy((count: number) => count > 0),
    );
  }
}, 600_000);
