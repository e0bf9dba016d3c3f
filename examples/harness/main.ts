import { randomInt } from "node:crypto";
import { CommanderError } from "commander";
import { stories } from "../stories.ts";
import { commandOf, type Flags, parseFlags } from "./flags.ts";
import { Interrupted, interruption } from "./interruption.ts";
import { milliseconds, seconds } from "./numbers.ts";
import { formatHeadline, formatResult, isPassed, Paint } from "./report.ts";
import { SetupError } from "./setup-error.ts";
import { Stage } from "./stage.ts";
import { StandstillWatch } from "./standstill.ts";
import type { Story, Variant } from "./story.ts";

const MAX_RANDOM_SEED = 100_000;
/** A machine that stands still for longer spoils what is measured in ms. */
const MAX_STANDSTILL_MS = 150;
const MAX_RUNS = 3;
const print = (text: string): void => void process.stdout.write(`${text}\n`);

const interrupted = interruption();
try {
  const flags = parseFlags(process.argv.slice(2), () => randomInt(MAX_RANDOM_SEED));
  process.exitCode = flags.name === undefined ? listStories() : await play(flags, interrupted);
} catch (error) {
  // After an interruption, processes and servers end while others still use them. Their errors are no news.
  process.exitCode = report(interrupted.aborted ? interrupted.reason : error);
}
// A server that was told to end may still have a connection.
process.exit();

/** Runs both variants of a story. Returns the exit code: 0 if everything holds that must hold, otherwise 1. */
async function play(flags: Flags, signal: AbortSignal): Promise<number> {
  const story = findStory(flags);
  const startedAt = performance.now();
  const paint = new Paint(process.stdout.isTTY && process.env["NO_COLOR"] === undefined);
  const { seed, short: isShort, kills } = flags;
  await using stage = await Stage.open(story, { seed, isShort, kills }, signal);
  print(formatHeadline(story, { database: stage.databaseVersion, seed, isShort }, paint));
  const ours = await runSteadily(stage, story);
  const { facts: antiPattern } = await runVariant(stage, story, "antiPattern");
  const judged = flags.unsafe ? "antiPattern" : "ours";
  const checks = story.judge(judged === "ours" ? ours : antiPattern);
  const result = {
    seed,
    isShort,
    judged,
    ours: story.figures(ours),
    antiPattern: story.figures(antiPattern),
    checks,
    antiPatternChecks: story.judge(antiPattern),
    damage: story.damage(antiPattern),
    elapsedMs: performance.now() - startedAt,
    command: commandOf(flags),
  } as const;
  print(`\n${formatResult(story, result, paint)}`);
  return isPassed(result) ? 0 : 1;
}

/** Runs the first column. If the machine stood still meanwhile, and only claims about time do not hold, it runs again. */
async function runSteadily(stage: Stage, story: Story<never>): Promise<never> {
  for (let run = 1; ; run += 1) {
    const { facts, standstillMs } = await runVariant(stage, story, "ours");
    const broken = story.judge(facts).filter(({ holds }) => !holds);
    const isDisturbed = standstillMs > MAX_STANDSTILL_MS && broken.every((check) => check.needsSteadyTime);
    if (broken.length === 0 || !isDisturbed || run === MAX_RUNS) return facts;
    print(`  The machine stood still for ${milliseconds(standstillMs)}, so this is measured again:`);
  }
}

async function runVariant(
  stage: Stage,
  story: Story<never>,
  variant: Variant,
): Promise<{ readonly facts: never; readonly standstillMs: number }> {
  const head = story.columns[variant];
  if (process.stdout.isTTY) process.stdout.write(`  ${head} …`);
  using watch = new StandstillWatch();
  const begin = performance.now();
  const facts = await stage.run(variant);
  const line = `  ${head.padEnd(24)} ${seconds(performance.now() - begin).padStart(7)}`;
  print(process.stdout.isTTY ? `\r${line}` : line);
  return { facts, standstillMs: watch.longestMs };
}

function findStory({ name, kills }: Flags): Story<never> {
  const story = stories.find((each) => each.name === name);
  if (story === undefined) {
    const names = stories.map((each) => each.name).join(", ");
    throw new SetupError(`there is no story "${name}"; there are ${names}`);
  }
  if (kills !== undefined && story.hasKills !== true)
    throw new SetupError(`--kills is a flag of orders, and ${story.name} does not know it`);
  return story;
}

function listStories(): number {
  print("\nnpm run example NAME [-- --short --seed N --unsafe]\n");
  for (const { name, summary } of stories) print(`  ${name.padEnd(16)}${summary}`);
  print("");
  return 0;
}

/** Prints why the run failed. Returns the exit code. */
function report(error: unknown): number {
  if (error instanceof Interrupted) {
    console.error("\n  Interrupted. All servers and processes are stopped.");
    return error.exitCode;
  }
  if (error instanceof CommanderError) {
    if (error.exitCode !== 0) console.error(error.message);
    return error.exitCode;
  }
  console.error(`\nerror: ${error instanceof Error ? error.message : String(error)}`);
  if (error instanceof Error && !(error instanceof SetupError)) console.error(error.stack);
  return 1;
}
