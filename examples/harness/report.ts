import { seconds } from "./numbers.ts";
import type { Check, Figure, Story, Variant } from "./story.ts";

const WIDTH = 80;
const MIN_COLUMN_WIDTH = 12;

/** Colours for a terminal, or plain text. */
export class Paint {
  readonly #isColored: boolean;

  constructor(isColored: boolean) {
    this.#isColored = isColored;
  }

  bold = (text: string): string => this.#code(1, text);
  dim = (text: string): string => this.#code(2, text);
  red = (text: string): string => this.#code(31, text);
  green = (text: string): string => this.#code(32, text);

  #code(code: number, text: string): string {
    return this.#isColored ? `\u001b[${code}m${text}\u001b[0m` : text;
  }
}

/** What one command found. */
export interface Result {
  readonly seed: number;
  readonly isShort: boolean;
  readonly judged: Variant;
  readonly ours: readonly Figure[];
  readonly antiPattern: readonly Figure[];
  readonly checks: readonly Check[];
  /** The same judge about the other column, if the first one is judged. */
  readonly antiPatternChecks: readonly Check[];
  readonly damage: string;
  readonly elapsedMs: number;
  /** The command that repeats the run. */
  readonly command: string;
}

export function formatHeadline(
  story: Story<never>,
  versions: { readonly database: string; readonly seed: number; readonly isShort: boolean },
  paint: Paint,
): string {
  const form = versions.isShort ? ", short form" : "";
  return [
    "",
    ...wrap(`${story.name}: ${story.summary}`, WIDTH - 2).map((line) => `  ${paint.bold(line)}`),
    `  ${paint.dim(`3 Redis servers, PostgreSQL ${versions.database}, seed ${versions.seed}${form}`)}`,
    "",
  ].join("\n");
}

/** The table with both columns, the verdicts, and the last line. */
export function formatResult(story: Story<never>, result: Result, paint: Paint): string {
  const passed = isPassed(result);
  const verdict = passed ? paint.green("PASS") : paint.red("FAIL");
  const judged = result.judged === "ours" ? "" : ", the anti-pattern under the judge";
  return [
    ...table(story, result, paint),
    "",
    ...result.checks.flatMap((check) => checkLines(check, paint)),
    "",
    ...wrap(`${capitalize(story.columns.antiPattern)}: ${result.damage}${failures(result)}`, WIDTH - 2).map(
      (line) => `  ${line}`,
    ),
    "",
    `  ${verdict}  ${story.name}, ${seconds(result.elapsedMs)}, seed ${result.seed}${judged}`,
    `  ${paint.dim(`repeat: ${result.command}`)}`,
    "",
  ].join("\n");
}

function failures({ judged, antiPatternChecks }: Result): string {
  const failed = antiPatternChecks.filter(({ holds }) => !holds).length;
  if (judged !== "ours" || failed === 0) return "";
  return ` ${failed} of these ${antiPatternChecks.length} claims ${failed === 1 ? "does" : "do"} not hold for it.`;
}

export function isPassed({ checks }: Pick<Result, "checks">): boolean {
  return checks.length > 0 && checks.every(({ holds }) => holds);
}

function table({ columns }: Story<never>, { ours, antiPattern }: Result, paint: Paint): readonly string[] {
  const labels = [...new Set([...ours, ...antiPattern].map(([label]) => label))];
  const valueOf = (figures: readonly Figure[], label: string): string =>
    figures.find(([name]) => name === label)?.[1] ?? "–";
  const rows = labels.map((label) => [label, valueOf(ours, label), valueOf(antiPattern, label)] as const);
  const [first, second] = [1, 2].map((column) =>
    Math.max(
      MIN_COLUMN_WIDTH,
      column === 1 ? columns.ours.length : columns.antiPattern.length,
      ...rows.map((row) => row[column]?.length ?? 0),
    ),
  ) as [number, number];
  const labelWidth = WIDTH - 2 - first - second - 4;
  const lines = rows.flatMap(([label, left, right]) => {
    const parts = wrap(label, labelWidth);
    return parts.map((part, index) => {
      const isLast = index === parts.length - 1;
      return isLast
        ? `  ${part.padEnd(labelWidth)}  ${left.padStart(first)}  ${right.padStart(second)}`
        : `  ${part}`;
    });
  });
  const head = `  ${"".padEnd(labelWidth)}  ${columns.ours.padStart(first)}  ${columns.antiPattern.padStart(second)}`;
  return [paint.bold(head), `  ${paint.dim("─".repeat(WIDTH - 2))}`, ...lines];
}

function checkLines({ claim, holds, found }: Check, paint: Paint): readonly string[] {
  const verdict = holds ? paint.green("PASS") : paint.red("FAIL");
  const text = holds || found === undefined ? claim : `${claim}: found ${found}`;
  return wrap(text, WIDTH - 8).map((line, index) => `  ${index === 0 ? verdict : "    "}  ${line}`);
}

/** Breaks a text at spaces. A longer word stays whole. */
function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
