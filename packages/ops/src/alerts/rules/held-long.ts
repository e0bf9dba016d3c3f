import type { NamedLock } from "../figures/alert-figures.ts";
import { formatDuration, formatSpan, showName } from "../texts.ts";
import type { RuleDefinition } from "./rule-definition.ts";

export const heldLong: RuleDefinition = {
  name: "held_long",
  severity: "info",
  for: 60_000,
  needs: "classes",
  remedy: "look at the holder; set `classes` or `above` if such holds are usual",
  condition: "longest hold, in ms",
  limits: { above: { value: 3_600_000, range: [0, 2_592_000_000], isDuration: true } },
  create: ({ above }) => ({
    find: ({ classes }) =>
      classes.flatMap(({ resource, longestHoldMs, longestHeld }) => {
        if (longestHoldMs <= above) return [];
        const lock = longestHeld === undefined ? "a lock is held" : describeHeld(longestHeld);
        const text = `${showName(resource)}: ${lock} for ${formatDuration(longestHoldMs)}; the limit is ${formatSpan(above)}.`;
        return [{ labels: { resource }, text }];
      }),
    describeEnd: ({ labels: { resource = "" }, lastedMs }) =>
      `${showName(resource)}: no lock is held over ${formatSpan(above)}, after ${formatSpan(lastedMs)}.`,
  }),
};

function describeHeld({ name, owner }: NamedLock): string {
  return `${showName(name)} is held${owner === undefined ? "" : ` by ${showName(owner)}`}`;
}
