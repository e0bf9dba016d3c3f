import { type Line, type Style, wrap } from "./line.ts";
import { count, milliseconds, percentile, seconds } from "./numbers.ts";
import type { Sale } from "./sale.ts";

const LABEL_WIDTH = 18;

interface Row {
  readonly label: string;
  readonly value: string;
  readonly style?: Style;
}

/** The end of the demo, as an aligned table. */
export function summary(locked: Sale, unlocked: Sale, width: number): readonly Line[] {
  const rows = [...lockedRows(locked), ...unlockedRows(unlocked)];
  return [[["  Summary", "bold"]], ...rows.flatMap((row) => rowLines(row, width))];
}

function lockedRows(sale: Sale): readonly Row[] {
  const { observer, items } = sale;
  const { handOversMs, sold, violations } = observer;
  const exactly = sold === items && sale.stock === 0 ? "exactly" : "NOT exactly";
  const good: Style = sale.exact ? "green" : "red";
  const [p50, p99] = [0.5, 0.99].map((share) => milliseconds(percentile(handOversMs, share)));
  return [
    {
      label: "with the lock",
      value: `sold ${exactly} ${count(sold)} of ${count(items)} items, violations ${count(violations)}`,
      style: good,
    },
    ...observer.examples
      .slice(0, 3)
      .map(({ kind, what }): Row => ({ label: kind, value: what, style: "red" })),
    { label: "hand-over", value: `p50 ${p50}, p99 ${p99} between one write and the next read` },
    ...sale.costs().map(({ title, who, by, atMs, lostMs }) => ({
      label: title,
      value: `lost ${milliseconds(lostMs)} (${who}, ${by} at ${seconds(atMs)})`,
    })),
  ];
}

function unlockedRows(sale: Sale): readonly Row[] {
  const { sold } = sale.observer;
  const rest = sale.stock > 0 ? ` and was stopped with ${count(sale.stock)} left` : "";
  const many = `${count(sale.oversold)} too many`;
  const value = `sold ${count(sale.items)} items ${count(sold)} times${rest}: ${sale.oversold > 0 ? many : "by luck not too many"}`;
  return [{ label: "without the lock", value, style: sale.oversold > 0 ? "red" : "plain" }];
}

function rowLines({ label, value, style }: Row, width: number): readonly Line[] {
  const room = Math.max(10, width - LABEL_WIDTH - 4);
  return wrap(value, room).map((part, index): Line => {
    const name = index === 0 ? label : "";
    return [
      [`    ${name.padEnd(LABEL_WIDTH)}`, "dim"],
      [part, style ?? "plain"],
    ];
  });
}
