import { randomInt } from "node:crypto";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { CommanderError } from "commander";
import { commandOf, parseFlags } from "./flags.ts";
import { Interrupted, interruption } from "./interruption.ts";
import { violationsOf } from "./phase-report.ts";
import { indictment } from "./report/indictment.ts";
import { headline, phaseBegins, phaseEnds } from "./report/progress.ts";
import { summary } from "./report/summary.ts";
import { type Narrator, runTorture } from "./run.ts";

const say = (text: string): void => void process.stdout.write(text);
const narrator: Narrator = {
  starting: (options) => say(`\n${headline(options)}\n`),
  skipped: (phase, why) => say(`  ${phase.padEnd(15)}  skipped: ${why}\n`),
  phase: (phase) => say(phaseBegins(phase)),
  phaseEnded: (report) => say(`${phaseEnds(report)}\n`),
};

try {
  const { out, ...options } = parseFlags(process.argv.slice(2), () => randomInt(2 ** 31));
  // Before the work, not after it.
  if (out !== undefined) {
    await mkdir(dirname(out), { recursive: true });
    await appendFile(out, "");
  }
  const report = await runTorture(options, narrator, interruption());
  say(`\n${summary(report)}\n`);
  const command = commandOf(options);
  const violations = violationsOf(report).length;
  if (violations > 0) console.error(`\n${indictment(report, command)}`);
  if (out !== undefined) {
    await writeFile(out, `${JSON.stringify({ command, violations, ...report }, undefined, 2)}\n`);
    say(`\n  Written to ${out}.\n`);
  }
  process.exit(violations > 0 ? 1 : 0);
} catch (error) {
  if (error instanceof CommanderError) {
    if (error.exitCode !== 0) console.error(error.message);
    process.exit(error.exitCode);
  }
  if (error instanceof Interrupted) {
    console.error("\n  Interrupted: all that was started is stopped.");
    process.exit(error.exitCode);
  }
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
