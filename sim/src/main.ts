import { randomInt } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join as joinPath } from "node:path";
import { CommanderError } from "commander";
import { runCampaign } from "./campaign.ts";
import { type Flags, MAX_SEED, parseFlags } from "./flags.ts";
import { makePlan } from "./plan/make-plan.ts";
import { profileOf } from "./plan/profiles.ts";
import { parsePlan } from "./plan/parse-plan.ts";
import type { Plan } from "./plan/plan.ts";
import { shrink } from "./plan/shrink.ts";
import { commitText, failureText, reportText } from "./report.ts";
import { runPlan } from "./run-plan.ts";
import { type Failure, join, NO_HISTORIES } from "./summary.ts";

/** Maximum number of failed histories that are kept. */
const MAX_KEPT = 10;

try {
  const flags = parseFlags(process.argv.slice(2));
  process.exitCode = (await run(flags)) ? 0 : 1;
} catch (error) {
  if (error instanceof CommanderError) {
    if (error.exitCode !== 0) console.error(error.message);
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  }
}

/** Returns whether nothing was violated. */
async function run(flags: Flags): Promise<boolean> {
  if (flags.keep !== undefined) await mkdir(flags.keep, { recursive: true });
  if (flags.plan !== undefined) {
    const plan = parsePlan(await readFile(flags.plan, "utf8"), flags.plan);
    return runOne(plan, `the plan of ${flags.plan}`, flags.trace);
  }
  const firstSeed = flags.seed ?? randomInt(MAX_SEED - flags.histories);
  if (flags.trace) {
    const profile = flags.profile ?? profileOf(firstSeed);
    return runOne(makePlan(firstSeed, profile), `seed ${firstSeed}, profile ${profile}`, true);
  }
  return runMany(flags, firstSeed);
}

async function runOne(plan: Plan, title: string, hasTrace: boolean): Promise<boolean> {
  const outcome = await runPlan(plan, hasTrace ? (line) => console.log(line) : undefined);
  const [violation] = outcome.violations;
  console.log(`${title}: ${outcome.grants} grants, commit rounds ${commitText(outcome)}`);
  if (violation === undefined) console.log(`${title}: nothing was violated`);
  else
    console.log(
      `${title}: VIOLATED ${violation.invariant} at ${violation.at.toFixed(1)} ms: ${violation.what}`,
    );
  return violation === undefined;
}

async function runMany(flags: Flags, firstSeed: number): Promise<boolean> {
  const startedAt = performance.now();
  let sum = NO_HISTORIES;
  await runCampaign({ ...flags, firstSeed }, (summary) => {
    sum = join(sum, summary);
    for (const failure of summary.failures) console.log(`\r${failureText(failure)}`);
    if (process.stderr.isTTY)
      process.stderr.write(`\r… ${Object.values(sum.histories).reduce((a, b) => a + b, 0)}`);
  });
  if (process.stderr.isTTY) process.stderr.write("\r");
  console.log(reportText(sum, (performance.now() - startedAt) / 1000, firstSeed));
  if (flags.keep !== undefined) {
    for (const failure of sum.failures.slice(0, MAX_KEPT)) await keep(failure, flags.keep, flags.shrink);
  }
  return sum.failures.length === 0;
}

/** Writes the plan of a failed history, so that it can run again. */
async function keep(
  { seed, profile, violation }: Failure,
  directory: string,
  shouldShrink: boolean,
): Promise<void> {
  const plan = makePlan(seed, profile);
  const trial = async (smaller: Plan) => (await runPlan(smaller)).violations[0]?.invariant;
  const { plan: kept, trials } = shouldShrink
    ? await shrink(plan, violation.invariant, trial)
    : { plan, trials: 0 };
  const file = joinPath(directory, `${violation.invariant}-${profile}-${seed}.json`);
  await writeFile(file, `${JSON.stringify(kept, undefined, 2)}\n`);
  console.log(`kept ${file} after ${trials} shrinking runs; replay: npm run sim -- --plan ${file} --trace`);
}
