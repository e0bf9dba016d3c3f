import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { runCampaign } from "../src/campaign.ts";
import { FAULT_FIELDS } from "../src/plan/plan.ts";
import { failureText, reportText } from "../src/report.ts";
import { join, NO_HISTORIES } from "../src/summary.ts";

/** `npm run sim` runs as many as are asked for, and other ones each time. */
const HISTORIES = 400;
const FIRST_SEED = 1;

test("nothing is violated in hundreds of faulty histories", async () => {
  let sum = NO_HISTORIES;
  const began = performance.now();
  const jobs = Math.min(2, availableParallelism());
  await runCampaign({ firstSeed: FIRST_SEED, histories: HISTORIES, profile: undefined, jobs }, (summary) => {
    sum = join(sum, summary);
  });
  console.log(reportText(sum, (performance.now() - began) / 1_000, FIRST_SEED));
  expect(sum.failures.map(failureText)).toEqual([]);
  expect(sum.fewestOperations).toBeGreaterThanOrEqual(200);
  // Every kind of fault did strike, and messages were lost, late and repeated.
  for (const kind of [...Object.keys(FAULT_FIELDS), "lost", "late", "resent"]) {
    expect(sum.faults).toHaveProperty(
      kind,
      expect.toSatisfy((times: number) => times > 0),
    );
  }
}, 300_000);
