import type { Share } from "./campaign.ts";
import { makePlan } from "./plan/make-plan.ts";
import { runPlan } from "./run-plan.ts";
import { SummaryBuilder } from "./summary.ts";

process.on("message", (share: Share) => {
  void runShare(share).then((summary) => process.send?.(summary));
});
// Whoever started it is gone.
process.on("disconnect", () => process.exit());

async function runShare({ seeds, profile }: Share) {
  const builder = new SummaryBuilder();
  for (const seed of seeds) builder.add(seed, profile, await runPlan(makePlan(seed, profile)));
  return builder.summary();
}
