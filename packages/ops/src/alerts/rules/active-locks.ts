import type { ClassFigures } from "../figures/alert-figures.ts";
import { formatCount, formatSpan } from "../texts.ts";
import type { RuleDefinition } from "./rule-definition.ts";

export const activeLocks: RuleDefinition = {
  name: "active_locks",
  severity: "info",
  for: 600_000,
  needs: "classes",
  remedy: "see which class grows; raise the limit if the number is usual",
  condition: "locks that are held",
  limits: { above: { value: 100, range: [0, 10_000_000] } },
  create: ({ above }) => ({
    find({ classes }) {
      const held = activeOf(classes);
      if (held <= above) return [];
      return [
        { labels: {}, text: `${formatCount(held, "lock is", "locks are")} held; the limit is ${above}.` },
      ];
    },
    describeEnd: ({ lastedMs }, { classes }) =>
      `${formatCount(activeOf(classes), "lock is", "locks are")} held, after ${formatSpan(lastedMs)} above ${above}.`,
  }),
};

function activeOf(classes: readonly ClassFigures[]): number {
  return classes.reduce((sum, { active }) => sum + active, 0);
}
