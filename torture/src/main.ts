import { randomInt } from "node:crypto";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { CommanderError } from "commander";
import { commandOf, parseFlags } from "./cli/flags.ts";
import { Interrupted, interruption } from "./cli/interruption.ts";
import { formatFailureReport } from "./report/failure-report.ts";
import { formatHeadline, formatPhaseEnd, formatPhaseStart } from "./report/phase-lines.ts";
import { violationsOf } from "./report/phase-report.ts";
import { formatSummary } from "./report/summary.ts";
import { type ProgressListener, runTorture } from "./run-torture.ts";

const print = (text: string): void => void process.stdout.write(text);
const listener: ProgressListener = {
  onStart: (options) => print(`\n${formatHeadline(options)}\n`),
  onPhaseSkipped: (phase, reason) => print(`  ${phase.padEnd(15)}  skipped: ${reason}\n`),
  onPhaseStart: (phase) => print(formatPhaseStart(phase)),
  onPhaseEnd: (report) => print(`${formatPhaseEnd(report)}\n`),
};

try {
  const { out, ...options } = parseFlags(process.argv.slice(2), () => randomInt(2 ** 31));
  // Opens the file first, so that a wrong path fails before the run.
  if (out !== undefined) {
    await mkdir(dirname(out), { recursive: true });
    await appendFile(out, "");
  }
  const report = await runTorture(options, listener, interruption());
  print(`\n${formatSummary(report)}\n`);
  const command = commandOf(options);
  const violations = violationsOf(report).length;
  if (violations > 0) console.error(`\n${formatFailureReport(report, command)}`);
  if (out !== undefined) {
    await writeFile(out, `${JSON.stringify({ command, violations, ...report }, undefined, 2)}\n`);
    print(`\n  Wrote ${out}.\n`);
  }
  process.exit(violations > 0 ? 1 : 0);
} catch (error) {
  if (error instanceof CommanderError) {
    if (error.exitCode !== 0) console.error(error.message);
    process.exit(error.exitCode);
  }
  if (error instanceof Interrupted) {
    console.error("\n  Interrupted. All servers and processes are stopped.");
    process.exit(error.exitCode);
  }
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
