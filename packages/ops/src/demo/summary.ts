import { type Line, type Style, wrapText } from "./line.ts";
import { formatCount, formatMilliseconds, percentile } from "./numbers.ts";
import type { Sale } from "./sale.ts";

const LABEL_WIDTH = 18;

/** Maximum number of violations to print. */
const MAX_VIOLATIONS = 3;

interface Row {
  readonly label: string;
  readonly value: string;
  readonly style?: Style;
}

/** Formats the results of both sales as an aligned table. */
export function formatSummary(locked: Sale, unlocked: Sale, width: number): readonly Line[] {
  const rows = [unlockedRow(unlocked), ...lockedRows(locked)];
  return [[["  Summary", "bold"]], ...rows.flatMap((row) => rowLines(row, width))];
}

function lockedRows(sale: Sale): readonly Row[] {
  const { observer, items } = sale;
  const { handOversMs, sold, violations } = observer;
  const exactly = sold === items && sale.stock === 0 ? "exactly" : "NOT exactly";
  const [p50, p99] = [0.5, 0.99].map((share) => formatMilliseconds(percentile(handOversMs, share)));
  return [
    {
      label: "with the lock",
      value: `sold ${exactly} ${formatCount(sold)} of ${formatCount(items)} items, violations ${formatCount(violations)}`,
      style: sale.isExact ? "green" : "red",
    },
    ...observer.examples
      .slice(0, MAX_VIOLATIONS)
      .map(({ kind, message }): Row => ({ label: kind, value: message, style: "red" })),
    { label: "hand-over", value: `p50 ${p50}, p99 ${p99}, until the next worker reads` },
    fenceRow(sale),
    ...sale.faultDelays().map(({ title, target, method, delayMs }) => ({
      label: title,
      value: `delayed sales by ${formatMilliseconds(delayMs)} (${target}, ${method})`,
    })),
  ];
}

function fenceRow({ observer }: Sale): Row {
  const isIncreasing = observer.fenceViolations === 0;
  const order = isIncreasing ? "each larger than the one before" : "NOT each larger than the one before";
  const value = `${formatCount(observer.fences)}, ${order}`;
  return { label: "fencing tokens", value, style: isIncreasing ? "plain" : "red" };
}

function unlockedRow(sale: Sale): Row {
  const isOversold = sale.oversold > 0;
  return { label: "without the lock", value: describeUnlocked(sale), style: isOversold ? "red" : "plain" };
}

/** "sold 1,000 items 2,428 times: 1,428 too many" */
export function describeUnlocked(sale: Sale): string {
  const stopped = sale.stock > 0 ? ` and was stopped with ${formatCount(sale.stock)} left` : "";
  const oversold = sale.oversold > 0 ? `${formatCount(sale.oversold)} too many` : "not too many, by chance";
  return `sold ${formatCount(sale.items)} items ${formatCount(sale.observer.sold)} times${stopped}: ${oversold}`;
}

function rowLines({ label, value, style }: Row, width: number): readonly Line[] {
  const valueWidth = Math.max(10, width - LABEL_WIDTH - 4);
  return wrapText(value, valueWidth).map((part, index): Line => {
    const name = index === 0 ? label : "";
    return [
      [`    ${name.padEnd(LABEL_WIDTH)}`, "dim"],
      [part, style ?? "plain"],
    ];
  });
}
