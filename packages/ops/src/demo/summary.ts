import { type Line, type Style, wrapText } from "./line.ts";
import { formatCount, formatMilliseconds, formatSeconds, percentile } from "./numbers.ts";
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
  const rows = [...lockedRows(locked), ...unlockedRows(unlocked)];
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
    { label: "hand-over", value: `p50 ${p50}, p99 ${p99} from a write to the read of the next worker` },
    ...sale.faultDelays().map(({ title, target, method, atMs, delayMs }) => ({
      label: title,
      value: `delayed sales by ${formatMilliseconds(delayMs)} (${target}, ${method} at ${formatSeconds(atMs)})`,
    })),
  ];
}

function unlockedRows(sale: Sale): readonly Row[] {
  const { sold } = sale.observer;
  const isOversold = sale.oversold > 0;
  const stopped = sale.stock > 0 ? ` and was stopped with ${formatCount(sale.stock)} left` : "";
  const oversold = isOversold ? `${formatCount(sale.oversold)} too many` : "not too many, by chance";
  const value = `sold ${formatCount(sale.items)} items ${formatCount(sold)} times${stopped}: ${oversold}`;
  return [{ label: "without the lock", value, style: isOversold ? "red" : "plain" }];
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
