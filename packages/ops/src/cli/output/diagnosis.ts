import type { Diagnosis } from "../../diagnose/check.ts";
import type { Finding, Severity } from "../../diagnose/finding.ts";
import { formatCount, formatPlural } from "../../format/count.ts";
import { formatDuration } from "../../format/duration.ts";
import { displayText } from "../../format/name.ts";
import { MARKS, type Output, type Style } from "./output.ts";
import { wrap } from "./wrap.ts";

const LOOKS: Readonly<Record<Severity, { readonly mark: string; readonly style: Style }>> = {
  error: { mark: MARKS.bad, style: "bad" },
  warning: { mark: MARKS.attention, style: "attention" },
  information: { mark: MARKS.note, style: "unknown" },
};
/** Wider text is hard to read. */
const MAX_WIDTH = 100;
const INDENT = " ".repeat(9);

/** "✕ QL107  redis-b evicts keys: …", the remedy, and the commands of it, each in a line that can be copied. */
export function findingLines(finding: Finding, output: Output): readonly string[] {
  const { code, severity, cause, remedy, commands = [] } = finding;
  const { mark, style } = LOOKS[severity];
  const width = output.width === undefined ? undefined : Math.min(MAX_WIDTH, output.width) - INDENT.length;
  const [first = "", ...rest] = wrap(displayText(cause, Infinity), width);
  return [
    `${output.paint(style, `${mark} ${code}`)}  ${first}`,
    ...rest.map((line) => INDENT + line),
    ...wrap(`Remedy: ${displayText(remedy, Infinity)}`, width).map(
      (line) => INDENT + output.paint("faint", line),
    ),
    // Never wrapped, so that a terminal copies each as one line.
    ...commands.map((command) => `${INDENT}  ${output.paint("bold", command)}`),
  ];
}

/** "1 error, 0 warnings, 19 checks passed in 0.4 s", and which checks were not possible. */
export function summaryLines(diagnosis: Diagnosis, tookMs: number, output: Output): readonly string[] {
  const { errors, warnings, information } = countsOf(diagnosis);
  const parts = [
    formatPlural(errors, "error"),
    formatPlural(warnings, "warning"),
    ...(information > 0 ? [`${formatCount(information)} for information`] : []),
    `${formatPlural(diagnosis.passed, "check")} passed in ${formatDuration(tookMs)}`,
  ];
  const style = errors > 0 ? "bad" : warnings > 0 ? "attention" : "good";
  const mark = errors > 0 ? MARKS.bad : warnings > 0 ? MARKS.attention : MARKS.good;
  return [`${output.paint(style, mark)} ${parts.join(", ")}`, ...uncheckedLines(diagnosis)];
}

function uncheckedLines({ unchecked }: Diagnosis): readonly string[] {
  const byReason = new Map<string, string[]>();
  for (const { code, reason } of unchecked) byReason.set(reason, [...(byReason.get(reason) ?? []), code]);
  return [...byReason].map(
    ([reason, codes]) =>
      `  ${formatPlural(codes.length, "check")} not possible, because ${reason}: ${codes.join(", ")}`,
  );
}

export function countsOf({ findings }: Diagnosis): {
  readonly errors: number;
  readonly warnings: number;
  readonly information: number;
} {
  const count = (wanted: Severity): number => findings.filter(({ severity }) => severity === wanted).length;
  return { errors: count("error"), warnings: count("warning"), information: count("information") };
}
