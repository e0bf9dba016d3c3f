import type { Portion } from "./campaign.ts";
import { makePlan } from "./plan/make-plan.ts";
import { runPlan } from "./run-plan.ts";
import { SummaryBuilder } from "./summary.ts";

process.on("message", (portion: Portion) => {
  void runPortion(portion).then((summary) => process.send?.(summary));
});
// The parent process has ended.
process.on("disconnect", () => process.exit());

async function runPortion({ seeds, profile }: Portion) {
  const builder = new SummaryBuilder();
  for (const seed of seeds) builder.add(seed, profile, await runPlan(makePlan(seed, profile)));
  return builder.summary();
}
