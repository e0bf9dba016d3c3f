import type { AlertView } from "./alert-view.ts";
import { type AlertClock, systemClock } from "./clock.ts";
import { AlertBook } from "./engine/alert-book.ts";
import { viewOf } from "./engine/alert-engine.ts";
import type { AlertFigures } from "./figures/alert-figures.ts";
import type { AlertRule } from "./rule.ts";

/** What the rules find at this moment, without waiting for their `for`. Counts have no window yet, so rules about them find nothing. */
export function checkNow(
  rules: readonly AlertRule[],
  figures: AlertFigures,
  clock: AlertClock = systemClock,
): readonly AlertView[] {
  const book = new AlertBook(
    rules.map((rule) => ({ ...rule, for: 0 })),
    clock,
  );
  book.evaluate(figures);
  return book.visible.filter(({ hiddenBy }) => hiddenBy === undefined).map(viewOf);
}
