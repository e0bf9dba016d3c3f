import { performance } from "node:perf_hooks";
import { ALL_CHECKS } from "../../diagnose/checks/all-checks.ts";
import { type Diagnosis, runChecks } from "../../diagnose/check.ts";
import type { Facts } from "../../diagnose/facts.ts";
import { gatherFacts } from "../../diagnose/gather/gather.ts";
import { nameArgument } from "../../diagnose/shell-quote.ts";
import { isReadableName } from "../../monitor/locks/lock-index.ts";
import { formatCount } from "../../format/count.ts";
import { CommandError, EXIT } from "../command-error.ts";
import { connect } from "../connect.ts";
import type { GlobalOptions } from "../global-options.ts";
import { interruption } from "../interruption.ts";
import { Output } from "../output/output.ts";
import { readSettings } from "../settings/settings.ts";
import { countsOf, findingLines, summaryLines } from "../output/diagnosis.ts";

export interface DiagnoseOptions extends GlobalOptions {
  /** How long the locks may be read, ms. */
  readonly scanTime: number;
}

/** Looks at everything once, prints what is wrong, and sets the exit code. */
export async function diagnose(name: string | undefined, options: DiagnoseOptions): Promise<void> {
  const startedAt = performance.now();
  const output = new Output(options);
  if (name !== undefined && !isReadableName(name))
    throw new CommandError(
      `${JSON.stringify(name.slice(0, 60))} is no name of a lock: it must have 1 to 1,024 characters and not begin with "~"`,
      EXIT.wrongUsage,
    );
  const settings = await readSettings(options);
  using interrupted = interruption();
  await using connection = await connect(settings);
  const facts = await gatherFacts(connection, {
    prefix: settings.prefix,
    ttlMs: settings.lockDefaults.ttlMs,
    classOf: settings.monitoring.classOf,
    name,
    scanMs: options.scanTime,
    signal: interrupted.signal,
  });
  const diagnosis = about(name, runChecks(ALL_CHECKS, facts));
  const tookMs = performance.now() - startedAt;
  const notes = notesOf(facts);
  if (output.isJson) {
    const { findings, passed, unchecked } = diagnosis;
    output.printJson({
      findings,
      passed,
      unchecked,
      locks: { read: facts.locks.read, complete: facts.locks.isComplete },
      tookMs: Math.round(tookMs),
    });
  } else {
    for (const finding of diagnosis.findings) output.print(...findingLines(finding, output));
    output.print(...summaryLines(diagnosis, tookMs, output));
    for (const note of notes) output.note(note);
  }
  const { errors, warnings } = countsOf(diagnosis);
  process.exitCode = errors > 0 ? 2 : warnings > 0 ? 1 : 0;
}

/** With a name: the findings about this lock, and everything that can make it fail. */
function about(name: string | undefined, diagnosis: Diagnosis): Diagnosis {
  if (name === undefined) return diagnosis;
  const findings = diagnosis.findings.filter(
    ({ code, severity }) => code.startsWith("QL2") || severity !== "information",
  );
  return { ...diagnosis, findings };
}

function notesOf({ locks, name, servers }: Facts): readonly string[] {
  if (name !== undefined)
    return [`\`quorumlock inspect ${nameArgument(name)}\` shows who holds it, and who waits.`];
  const unscanned =
    locks.unscanned.length === 0 ? "" : ` Not read to the end: ${locks.unscanned.join(", ")}.`;
  if (locks.isComplete) return [`${formatCount(locks.read)} locks read on all ${servers.length} servers.`];
  return [
    `${formatCount(locks.read)} locks read, not all.${unscanned} \`quorumlock diagnose NAME\` looks at one; \`--scan-time\` gives more time.`,
  ];
}
